package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.IoUringSelector;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Pollable;
import io.selectors4j.fd.DatagramBatch;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.Poll;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.BackendUnderTest;
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

/// Every method of a closed object, and every method with a closed argument, throws the documented exception, on any
/// thread. No call affects the new owner of the number.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class UseAfterCloseTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");

    private final DocumentedOutcomes onClosedObject = DocumentedOutcomes.onClosedObject();
    private final DocumentedOutcomes withClosedArgument = DocumentedOutcomes.withClosedArgument();

    @Test
    void closeableClasses_areAllTested() throws Exception {
        Set<Class<?>> tested = new HashSet<>();
        for (FdKind kind : FdKind.values()) {
            try (FdKind.OpenObject open = kind.open()) {
                tested.add(open.object().getClass());
            }
        }
        List<Class<?>> closeable = new ArrayList<>();
        for (Class<?> type : PublicApi.classes()) {
            if (AutoCloseable.class.isAssignableFrom(type) && !type.isInterface()) {
                closeable.add(type);
            }
        }
        assertThat(tested).containsExactlyInAnyOrderElementsOf(closeable);
    }

    @ParameterizedTest
    @EnumSource
    void methodOfClosedObject_throwsAsDocumented(FdKind kind) throws Exception {
        try (Arguments arguments = new Arguments();
                FdReuse.Opened opened = FdReuse.open(kind)) {
            opened.open().close();
            assertThat(opened.reuse().reuseNumbers()).isPositive();
            Closeable closed = opened.open().object();
            callEverything(closed, arguments);
            onVirtualThread(() -> callEverything(closed, arguments));
            opened.reuse().expectUntouched();
        }
    }

    private static void onVirtualThread(Callable<Boolean> task) throws Exception {
        FutureTask<Boolean> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        assertThat(future.get()).isTrue();
    }

    private boolean callEverything(Object closed, Arguments arguments) {
        List<Method> methods = PublicApi.methods(closed.getClass());
        for (Method method : methods) {
            Set<Class<? extends Throwable>> outcomes = onClosedObject.of(closed.getClass(), method);
            expect(outcomes, method, ReflectiveCall.outcome(method, closed, arguments.of(method)));
        }
        COUNTS.add("calls after close", methods.size());
        return !methods.isEmpty();
    }

    private static void expect(
            Set<Class<? extends Throwable>> outcomes, Executable executable, @Nullable Throwable thrown) {
        boolean expected = thrown == null
                ? outcomes.contains(DocumentedOutcomes.NO_EXCEPTION)
                : outcomes.stream().anyMatch(outcome -> outcome.isInstance(thrown));
        assertThat(expected)
                .withFailMessage(() -> executable + ": " + thrown + " instead of one of " + outcomes)
                .isTrue();
    }

    @Test
    void methodWithClosedArgument_throwsAsDocumented() throws Exception {
        List<Closeable> opened = new ArrayList<>();
        try (Arguments arguments = new Arguments()) {
            List<Object> receivers = receivers(opened);
            int calls = 0;
            for (Class<?> type : PublicApi.classes()) {
                for (Executable executable : PublicApi.statics(type)) {
                    if (takesDescriptors(executable) && !isOfPairs(type)) {
                        expect(
                                withClosedArgument.of(type, executable),
                                executable,
                                callWithClosed(executable, null, arguments));
                        calls++;
                    }
                }
            }
            for (Object receiver : receivers) {
                for (Method method : PublicApi.methods(receiver.getClass())) {
                    if (takesDescriptors(method)) {
                        expect(
                                withClosedArgument.of(receiver.getClass(), method),
                                method,
                                callWithClosed(method, receiver, arguments));
                        calls++;
                    }
                }
            }
            COUNTS.add("calls with closed arguments", calls);
            assertThat(calls).isGreaterThan(30);
        } finally {
            for (Closeable each : opened) {
                each.close();
            }
        }
    }

    /// Returns an object of each class with a method that takes descriptors.
    private static List<Object> receivers(List<Closeable> opened) throws IOException {
        List<Object> receivers = new ArrayList<>();
        for (Backend backend : List.of(Backend.SELECT, Backend.POLL, Backend.EPOLL)) {
            receivers.add(closeLater(opened, backend.open()));
        }
        receivers.add(closeLater(opened, IoUringSelector.open()));
        receivers.add(closeLater(opened, KqueueSelectors.open(FdKind.Kernel.LIBC)));
        receivers.add(closeLater(opened, BackendUnderTest.AFD_SIMULATED.open()));
        receivers.add(closeLater(opened, Epoll.create()));
        receivers.add(closeLater(opened, IoUring.create(8)));
        receivers.add(Poll.create());
        receivers.add(DatagramBatch.allocate(2, 1));
        receivers.add(ChildProcess.builder("true"));
        receivers.add(closeLater(opened, SocketFd.pair(SocketFd.Type.STREAM)).first());
        receivers.add(Termios.of(closeLater(opened, PtyFd.open()).terminal()));
        for (Class<?> type : PublicApi.classes()) {
            boolean has = !type.isInterface()
                    && PublicApi.methods(type).stream().anyMatch(UseAfterCloseTest::takesDescriptors);
            boolean known = receivers.stream().anyMatch(type::isInstance);
            assertThat(known || !has).as("%s is among the receivers", type).isTrue();
        }
        return receivers;
    }

    private static <T extends Closeable> T closeLater(List<Closeable> opened, T one) {
        opened.add(one);
        return one;
    }

    /// Returns whether the constructor only stores two descriptors.
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

    private static @Nullable Throwable callWithClosed(
            Executable executable, @Nullable Object receiver, Arguments arguments) throws IOException {
        SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
        pair.close();
        SocketFd closed = pair.first();
        Object[] values = arguments.of(executable);
        for (int i = 0; i < values.length; i++) {
            Class<?> type = executable.getParameterTypes()[i];
            if (Pollable.class.isAssignableFrom(type)) {
                values[i] = closed;
            } else if (type == Collection.class) {
                values[i] = List.of(closed);
            }
        }
        return ReflectiveCall.outcome(executable, receiver, values);
    }
}
