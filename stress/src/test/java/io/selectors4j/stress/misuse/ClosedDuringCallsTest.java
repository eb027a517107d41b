package io.selectors4j.stress.misuse;

import static io.selectors4j.stress.misuse.CloseInjection.closeBeforeEachCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.misuse.CloseInjection.Action;
import io.selectors4j.stress.misuse.FdKind.OpenObject;
import io.selectors4j.testing.PollerThread;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Another thread closes an object during each of its methods and each method that takes it: before every system call
/// of the method. No system call hits the next owner of the number.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class ClosedDuringCallsTest {

    @BeforeAll
    static void openPermanentDescriptors() throws Exception {
        PollerThread.start();
    }

    @ParameterizedTest
    @EnumSource
    void closedDuringOwnMethod_sparesNewOwner(FdKind kind) throws Exception {
        try (Arguments arguments = new Arguments();
                OpenObject open = kind.open()) {
            for (Method method : PublicApi.methods(open.object().getClass())) {
                closeBeforeEachCall(
                        kind, method, object -> () -> ReflectiveCall.outcome(method, object, arguments.of(method)));
            }
        }
    }

    @Test
    void closedDuringTerminalMethod_sparesNewOwner() throws Exception {
        try (Arguments arguments = new Arguments()) {
            int methods = 0;
            for (Class<?> type : List.of(Terminal.class, Termios.class)) {
                List<Executable> all = new ArrayList<>(PublicApi.statics(type));
                all.addAll(PublicApi.methods(type));
                for (Executable method : all) {
                    if (List.of(method.getParameterTypes()).contains(Fd.class)) {
                        closeBeforeEachCall(FdKind.TERMINAL, method, terminal -> handOver(method, terminal, arguments));
                        methods++;
                    }
                }
            }
            assertThat(methods).isEqualTo(7);
        }
    }

    private static Action handOver(Executable method, Closeable terminal, Arguments arguments) throws IOException {
        Termios settings = Termios.of(arguments.terminal()).withEcho(false);
        Object[] values = arguments.of(method);
        values[0] = terminal;
        return () -> ReflectiveCall.outcome(method, settings, values);
    }

    @ParameterizedTest
    @EnumSource(
            value = FdKind.class,
            names = {"SELECT_SELECTOR", "POLL_SELECTOR", "EPOLL_SELECTOR", "KQUEUE_SELECTOR"})
    void closedDuringSelectorMethod_sparesNewOwner(FdKind selectors) throws Exception {
        for (Use use : Use.values()) {
            closeBeforeEachCall(
                    FdKind.EVENT,
                    use + " with " + selectors,
                    object -> new Registration(use, open(selectors), (EventFd) object));
        }
    }

    private static Selector<String> open(FdKind selectors) throws IOException {
        return switch (selectors) {
            case SELECT_SELECTOR -> Backend.SELECT.open();
            case POLL_SELECTOR -> Backend.POLL.open();
            case EPOLL_SELECTOR -> Backend.EPOLL.open();
            default -> KqueueSelectors.open(FdKind.Kernel.LIBC);
        };
    }

    private enum Use {
        REGISTER,
        MODIFY,
        UNREGISTER,
        GET_KEY,
        SELECT
    }

    /// A use of a selector. The selector deregisters an object that is closed meanwhile, and does not confuse it with
    /// the next owner of its number, which is ready.
    private static final class Registration implements Action {
        private final Use use;
        private final Selector<String> selector;
        private final EventFd event;

        Registration(Use use, Selector<String> selector, EventFd event) throws IOException {
            this.use = use;
            this.selector = selector;
            this.event = event;
            event.read();
            if (use != Use.REGISTER) {
                selector.register(event, Interest.WRITE, "data");
            }
        }

        @Override
        public @Nullable Throwable run() throws IOException {
            try {
                switch (use) {
                    case REGISTER -> selector.register(event, Interest.READ_WRITE, "data");
                    case MODIFY -> selector.modify(event, Interest.READ, "data");
                    case UNREGISTER -> selector.unregister(event);
                    case GET_KEY -> selector.getKey(event);
                    case SELECT -> selector.select(Duration.ofNanos(1));
                }
                return null;
            } catch (IllegalArgumentException | NotRegisteredException e) {
                assertThat(event.isOpen())
                        .as("still open, but the selector threw %s", e)
                        .isFalse();
                return null;
            }
        }

        @Override
        public void checkAfter() throws IOException {
            if (!event.isOpen()) {
                assertThat(selector.getMap()).isEmpty();
                assertThat(selector.selectNow()).isEmpty();
            }
        }

        @Override
        public void close() {
            selector.close();
        }
    }

    /// The next owner is readable.
    @Test
    void closedDuringAwait_sparesNewOwner() throws Exception {
        closeBeforeEachCall(FdKind.EVENT, "await", object -> {
            EventFd event = (EventFd) object;
            event.read();
            return () -> {
                try {
                    assertThat(Await.readable(event, Duration.ofNanos(1))).isFalse();
                } catch (AsynchronousCloseException e) {
                    assertThat(event.isOpen()).isFalse();
                }
                return null;
            };
        });
    }
}
