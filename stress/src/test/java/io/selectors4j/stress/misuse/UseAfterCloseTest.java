package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Pollable;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.Poll;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Termios;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is closed says so, in every method that it has and in every one that it is handed to, on any thread; and
/// never does anything to whoever has its number now.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class UseAfterCloseTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");

    private final Answers ofClosed = Answers.ofClosed();
    private final Answers toClosed = Answers.toClosed();

    @Test
    void whateverCanBeClosedIsTested() throws Exception {
        Set<Class<?>> tested = new HashSet<>();
        for (FdKind kind : FdKind.values()) {
            try (FdKind.Specimen specimen = kind.open()) {
                tested.add(specimen.object().getClass());
            }
        }
        List<Class<?>> closeable = new ArrayList<>();
        for (Class<?> type : Exported.classes()) {
            if (AutoCloseable.class.isAssignableFrom(type) && !type.isInterface()) {
                closeable.add(type);
            }
        }
        assertThat(tested).containsExactlyInAnyOrderElementsOf(closeable);
    }

    @ParameterizedTest
    @EnumSource
    void everyMethodSaysThatItsObjectIsClosed(FdKind kind) throws Exception {
        try (Arguments arguments = new Arguments();
                FdReuse.Opened opened = FdReuse.open(kind)) {
            opened.specimen().close();
            assertThat(opened.successors().takeOver()).isPositive();
            Closeable closed = opened.specimen().object();
            callEverything(closed, arguments);
            onVirtualThread(() -> callEverything(closed, arguments));
            opened.successors().expectUntouched();
        }
    }

    private static void onVirtualThread(Callable<Boolean> task) throws Exception {
        FutureTask<Boolean> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        assertThat(future.get()).isTrue();
    }

    private boolean callEverything(Object closed, Arguments arguments) {
        List<Method> methods = Exported.methods(closed.getClass());
        for (Method method : methods) {
            Set<Class<? extends Throwable>> outcomes = ofClosed.of(closed.getClass(), method);
            expect(outcomes, method, Calls.outcome(method, closed, arguments.of(method)));
        }
        COUNTS.add("calls after close", methods.size());
        return !methods.isEmpty();
    }

    private static void expect(
            Set<Class<? extends Throwable>> outcomes, Executable executable, @Nullable Throwable thrown) {
        boolean expected = thrown == null
                ? outcomes.contains(Answers.NOTHING)
                : outcomes.stream().anyMatch(outcome -> outcome.isInstance(thrown));
        assertThat(expected)
                .withFailMessage(() -> executable + ": " + thrown + " instead of one of " + outcomes)
                .isTrue();
    }

    @Test
    void everyMethodThatIsHandedWhatIsClosedSaysSo() throws Exception {
        List<Closeable> opened = new ArrayList<>();
        try (Arguments arguments = new Arguments()) {
            List<Object> receivers = receivers(opened);
            int calls = 0;
            for (Class<?> type : Exported.classes()) {
                for (Executable executable : Exported.statics(type)) {
                    if (takesDescriptors(executable) && !isOfPairs(type)) {
                        expect(toClosed.of(type, executable), executable, closedTo(executable, null, arguments));
                        calls++;
                    }
                }
            }
            for (Object receiver : receivers) {
                for (Method method : Exported.methods(receiver.getClass())) {
                    if (takesDescriptors(method)) {
                        expect(toClosed.of(receiver.getClass(), method), method, closedTo(method, receiver, arguments));
                        calls++;
                    }
                }
            }
            COUNTS.add("calls with what is closed", calls);
            assertThat(calls).isGreaterThan(30);
        } finally {
            for (Closeable each : opened) {
                each.close();
            }
        }
    }

    /// One of each class with a method that takes descriptors.
    private static List<Object> receivers(List<Closeable> opened) throws IOException {
        List<Object> receivers = new ArrayList<>();
        for (Backend backend : List.of(Backend.SELECT, Backend.POLL, Backend.EPOLL)) {
            receivers.add(own(opened, backend.open()));
        }
        receivers.add(own(opened, KqueueSelectors.open(FdKind.Kernel.LIBC)));
        receivers.add(own(opened, Epoll.create()));
        receivers.add(Poll.create());
        receivers.add(Termios.of(own(opened, PtyFd.open()).terminal()));
        for (Class<?> type : Exported.classes()) {
            boolean has = !type.isInterface()
                    && Exported.methods(type).stream().anyMatch(UseAfterCloseTest::takesDescriptors);
            boolean known = receivers.stream().anyMatch(type::isInstance);
            assertThat(known || !has).as("%s has been thought of", type).isTrue();
        }
        return receivers;
    }

    private static <T extends Closeable> T own(List<Closeable> opened, T one) {
        opened.add(one);
        return one;
    }

    /// What makes a pair of two descriptors only holds them.
    private static boolean isOfPairs(Class<?> type) {
        return type.isRecord() && Closeable.class.isAssignableFrom(type);
    }

    private static boolean takesDescriptors(Executable executable) {
        for (Class<?> type : executable.getParameterTypes()) {
            if (Pollable.class.isAssignableFrom(type) || type == Collection.class) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Throwable closedTo(Executable executable, @Nullable Object receiver, Arguments arguments)
            throws IOException {
        Fd closed = EventFd.open(0);
        closed.close();
        Object[] values = arguments.of(executable);
        for (int i = 0; i < values.length; i++) {
            Class<?> type = executable.getParameterTypes()[i];
            if (Pollable.class.isAssignableFrom(type)) {
                values[i] = closed;
            } else if (type == Collection.class) {
                values[i] = List.of(closed);
            }
        }
        return Calls.outcome(executable, receiver, values);
    }
}
