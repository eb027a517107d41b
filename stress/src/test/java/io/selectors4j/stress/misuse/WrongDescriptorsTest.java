package io.selectors4j.stress.misuse;

import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.Backend;
import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.FdFunction;
import io.selectors4j.fd.PidFd;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.Poll;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.PollerThread;
import io.selectors4j.watch.InotifyFd;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Invalid numbers, and objects that return wrong numbers, in every method that takes one.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class WrongDescriptorsTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");
    private static final List<Integer> NEGATIVE = List.of(-1, -2, -1_000_000, Integer.MIN_VALUE);
    private static final List<Integer> BEYOND =
            List.of(Libc.NEVER_OPEN, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 19_999, 1 << 20);

    private final List<Closeable> owned = new ArrayList<>();
    private final List<Selector<String>> selectors = new ArrayList<>();
    private EventFd ready;
    private Arguments arguments;

    @BeforeEach
    void open() throws IOException {
        ready = closeLater(EventFd.open(1));
        arguments = closeLater(new Arguments());
        for (Backend backend : List.of(Backend.SELECT, Backend.POLL, Backend.EPOLL)) {
            selectors.add(closeLater(backend.open()));
        }
        selectors.add(closeLater(KqueueSelectors.open(FdKind.Kernel.LIBC)));
        selectors.add(closeLater(BackendUnderTest.AFD_SIMULATED.open()));
        for (Selector<String> selector : selectors) {
            selector.register(ready, Interest.READ, "ready");
        }
    }

    private <T extends Closeable> T closeLater(T one) {
        owned.add(one);
        return one;
    }

    /// Requires that only the registered object is registered and ready.
    @AfterEach
    void expectUnharmed() throws IOException {
        for (Selector<String> selector : selectors) {
            assertThat(selector.getMap()).containsOnlyKeys(ready);
            expectReady(selector, ready, Interest.READ);
        }
        for (Closeable each : owned) {
            each.close();
        }
    }

    /// Returns numbers that are not open, one of which was open before.
    private static List<Integer> notOpen() throws IOException {
        List<Integer> numbers = new ArrayList<>(BEYOND);
        int open = Libc.dupAtLeast(0, 15_000); // no other thread opens so large a number
        Libc.close(open);
        numbers.add(open);
        return numbers;
    }

    private static boolean takesNumber(Executable executable) {
        for (int i = 0; i < executable.getParameterCount(); i++) {
            if (executable.getParameterTypes()[i] == int.class
                    && executable.getParameters()[i].getName().equals("fd")) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Throwable outcome(Executable executable, @Nullable Object receiver, int number) {
        Object[] values = arguments.of(executable);
        Pollable supplied = () -> number;
        for (int i = 0; i < values.length; i++) {
            Class<?> type = executable.getParameterTypes()[i];
            if (type == int.class && executable.getParameters()[i].getName().equals("fd")) {
                values[i] = number;
            } else if (type == Pollable.class) {
                values[i] = supplied;
            } else if (type == Collection.class) {
                values[i] = List.of(supplied);
            }
        }
        COUNTS.add("wrong descriptors", 1);
        return ReflectiveCall.outcome(executable, receiver, values);
    }

    @Test
    void methodsThatTakeANumber_areAllTested() {
        Set<String> all = new TreeSet<>();
        for (Class<?> type : PublicApi.classes()) {
            for (Executable executable : PublicApi.statics(type)) {
                if (takesNumber(executable)) {
                    all.add(type.getSimpleName() + "." + executable.getName().replaceAll(".*\\.", ""));
                }
            }
            if (type == IoUring.class) { // reports an invalid number with the completion
                assertThat(PublicApi.methods(type).stream().filter(WrongDescriptorsTest::takesNumber))
                        .extracting(Method::getName)
                        .containsExactly("closeFd");
            } else if (type != FdFunction.class) { // implemented by users
                assertThat(PublicApi.methods(type)).noneMatch(WrongDescriptorsTest::takesNumber);
            }
        }
        assertThat(all)
                .containsExactlyInAnyOrder(
                        "Epoll.fromFd",
                        "Fd.borrow",
                        "Fd.fromFd",
                        "Kqueue.fromFd",
                        "PollEvent.PollEvent",
                        "Pollable.borrow",
                        "SelectorKey.SelectorKey",
                        "SocketFd.borrow",
                        "SocketFd.fromFd");
    }

    @Test
    void invalidNumber_isRefused() throws Exception {
        for (Class<?> type : PublicApi.classes()) {
            for (Executable executable : PublicApi.statics(type)) {
                if (takesNumber(executable) && !type.isRecord()) { // a record only stores it
                    for (int number : NEGATIVE) {
                        assertThat(outcome(executable, null, number)).isInstanceOf(IllegalArgumentException.class);
                    }
                    for (int number : notOpen()) {
                        Throwable thrown = outcome(executable, null, number);
                        if (type.getSimpleName().endsWith("Fd")
                                || type.getSimpleName().equals("Fd")) {
                            expectBadDescriptor(executable, thrown);
                        } else if (thrown != null) {
                            assertThat(thrown).isInstanceOf(UnsupportedOperationException.class); // kqueue on Linux
                        }
                    }
                }
            }
        }
    }

    private static void expectBadDescriptor(Executable executable, @Nullable Throwable thrown) {
        assertThat(thrown).as("%s", executable).isInstanceOf(NativeIOException.class);
        assertThat(thrown).hasMessageContaining("EBADF");
    }

    /// An epoll set with a number that is not open refuses every call, and its close closes nothing.
    @Test
    void epollOfUnopenedNumber_refusesEveryCall() throws Exception {
        for (int number : notOpen()) {
            Epoll epoll = Epoll.fromFd(number);
            for (Method method : PublicApi.methods(Epoll.class)) {
                if (List.of("register", "modify", "unregister", "poll").contains(method.getName())) {
                    expectBadDescriptor(method, ReflectiveCall.outcome(method, epoll, arguments.of(method)));
                }
            }
            epoll.close();
            assertThat(epoll.closed()).isTrue();
        }
    }

    @Test
    void objectWithInvalidNumber_isRefused() throws Exception {
        List<Object> receivers = new ArrayList<>(selectors);
        receivers.add(closeLater(Epoll.create()));
        receivers.add(Poll.create());
        int calls = 0;
        for (Object receiver : receivers) {
            for (Method method : PublicApi.methods(receiver.getClass())) {
                if (List.of(method.getParameterTypes()).contains(Pollable.class)) {
                    calls += expectRefusals(method, receiver);
                }
            }
        }
        for (Class<?> type : PublicApi.classes()) {
            for (Executable executable : PublicApi.statics(type)) {
                List<Class<?>> types = List.of(executable.getParameterTypes());
                boolean takes = types.contains(Pollable.class) || types.contains(Collection.class);
                if (takes && executable instanceof Method) {
                    calls += expectRefusals(executable, null);
                }
            }
        }
        assertThat(calls).isGreaterThan(200);
    }

    private int expectRefusals(Executable executable, @Nullable Object receiver) throws IOException {
        int calls = 0;
        for (int number : NEGATIVE) {
            Throwable thrown = outcome(executable, receiver, number);
            assertThat(thrown instanceof IllegalArgumentException || thrown instanceof NotRegisteredException)
                    .as("%s: %s", executable, thrown)
                    .isTrue();
            calls++;
        }
        for (int number : notOpen()) {
            Throwable thrown = outcome(executable, receiver, number);
            boolean refused = receiver instanceof Poll
                    ? thrown == null || thrown instanceof NotRegisteredException // reports POLLNVAL instead
                    : thrown instanceof NotRegisteredException
                            || (thrown instanceof NativeIOException e && e.errno() == Libc.EBADF);
            assertThat(refused).as("%s: %s", executable, thrown).isTrue();
            calls++;
        }
        return calls;
    }

    @Test
    void invalidPidOrWatch_isRefused() throws Exception {
        for (long number : new long[] {-1, 0, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, 1L << 31}) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> PidFd.open(number));
        }
        assertThatExceptionOfType(NativeIOException.class).isThrownBy(() -> PidFd.open(Integer.MAX_VALUE));
        InotifyFd inotify = closeLater(InotifyFd.open());
        for (int wd : NEGATIVE) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> inotify.removeWatch(wd));
        }
        for (int wd : BEYOND) {
            assertThatExceptionOfType(NativeIOException.class).isThrownBy(() -> inotify.removeWatch(wd));
        }
    }

    /// An object whose number a supplier returns.
    private record SuppliedFd(IntSupplier number) implements Pollable {
        @Override
        public int fileno() {
            return number.getAsInt();
        }
    }

    /// Each object returns a valid number first, or throws.
    @Test
    void changingOrThrowingFileno_isHandled() throws Exception {
        EventFd one = closeLater(EventFd.open(1));
        EventFd other = closeLater(EventFd.open(1));
        for (Selector<String> selector : selectors) {
            int[] asked = {0};
            SuppliedFd changingFd = new SuppliedFd(() -> asked[0]++ % 2 == 0 ? one.fileno() : other.fileno());
            SelectorKey<String> key = selector.register(changingFd, Interest.READ, "changingFd");
            assertThat(key.fd()).isEqualTo(one.fileno());
            for (int i = 0; i < 4; i++) {
                assertThat(selector.getKey(changingFd)).isEqualTo(key);
                assertThat(selector.selectNow()).hasSize(2);
                key = selector.modify(changingFd, i % 2 == 0 ? Interest.READ_WRITE : Interest.READ, "changingFd");
            }
            assertThat(selector.unregister(changingFd)).isEqualTo(key);
            assertThat(selector.selectNow()).hasSize(1);

            for (Error error : List.of(new StackOverflowError(), new OutOfMemoryError("fake"), new AssertionError())) {
                boolean[] fails = {true};
                SuppliedFd silent = new SuppliedFd(() -> {
                    if (fails[0]) {
                        throw error;
                    }
                    return one.fileno();
                });
                assertThatExceptionOfType(error.getClass())
                        .isThrownBy(() -> selector.register(silent, Interest.READ, "silent"));
                fails[0] = false;
                selector.register(silent, Interest.READ, "silent");
                fails[0] = true;
                assertThat(selector.selectNow()).hasSize(2);
                for (Throwing call : List.<Throwing>of(
                        () -> selector.getKey(silent),
                        () -> selector.modify(silent, Interest.WRITE, "silent"),
                        () -> selector.unregister(silent))) {
                    assertThatExceptionOfType(error.getClass()).isThrownBy(call::run);
                }
                assertThat(selector.selectNow()).hasSize(2);
                fails[0] = false;
                selector.unregister(silent);
            }
            COUNTS.add("objects with changing numbers", 4);
        }
    }

    private interface Throwing {
        void run() throws IOException;
    }

    /// The numbers of another selector's internal descriptors, and of the poller thread's descriptors.
    @Test
    void internalDescriptors_cannotBeHarmed() throws Exception {
        PollerThread.start();
        Set<Integer> before = OpenFiles.list().keySet();
        try (EpollSelector<String> victim = EpollSelector.open()) {
            victim.register(ready, Interest.READ, "ready");
            Set<Integer> numbers = new TreeSet<>(OpenFiles.list().keySet());
            for (Selector<String> selector : selectors) {
                for (int number : numbers) {
                    registerAndUnregister(selector, number);
                }
            }
            assertThat(OpenFiles.list().keySet()).isEqualTo(numbers);
            victim.wakeup();
            assertThat(victim.select()).hasSizeLessThanOrEqualTo(1);
            expectReady(victim, ready, Interest.READ);
        }
        assertThat(OpenFiles.list().keySet()).isEqualTo(before);
        for (Selector<String> selector : selectors) {
            selector.wakeup();
            assertThat(selector.select(Limits.WAIT)).hasSizeLessThanOrEqualTo(1);
        }
    }

    private static void registerAndUnregister(Selector<String> selector, int number) {
        Pollable internal = () -> number;
        try {
            selector.register(internal, Interest.READ, "internal");
            selector.selectNow();
            selector.unregister(internal);
        } catch (IllegalArgumentException | IllegalStateException e) {
            assertThat(e).hasMessageContaining("fd " + number); // internal, or already registered
        } catch (IOException e) {
            assertThat(e).isInstanceOf(NativeIOException.class).hasMessageContaining("fd=" + number);
        }
        COUNTS.add("wrong descriptors", 1);
    }
}
