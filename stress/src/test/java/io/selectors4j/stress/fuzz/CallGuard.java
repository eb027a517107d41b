package io.selectors4j.stress.fuzz;

import io.selectors4j.Await;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sees to it that no call waits for long, and that none does harm to anybody else: a call that would is made a bit
/// different, or something else is done before.
final class CallGuard {

    private static final Duration SHORT_WAIT = Duration.ofMillis(1);

    /// Results that belong to who has started this process.
    private static final Set<String> STANDARD = Set.of("Fd.stdin()", "Fd.stdout()", "Fd.stderr()");

    private static final Set<String> CONNECTING = Set.of(
            "SocketFd.createConnection(SocketAddress)",
            "SocketFd.createServer(SocketAddress, int)",
            "SocketFd.connect(SocketAddress)",
            "SocketFd.bind(SocketAddress)",
            "SocketFd.sendTo(ByteBuffer, SocketAddress, int)");

    /// Takes charge of a descriptor.
    private static final Set<String> OWNING =
            Set.of("Fd.fromFd(int)", "SocketFd.fromFd(int)", "Epoll.fromFd(int)", "Kqueue.fromFd(int)");

    private final ObjectPool pool;

    CallGuard(ObjectPool pool) {
        this.pool = pool;
    }

    /// Makes a call as it is not to be made harmless.
    ///
    /// @return what is to be done after it
    Runnable prepare(Call call) {
        Class<?> owner = call.op().owner();
        if (owner == Selector.class && call.receiver() instanceof Selector<?> selector) {
            if (call.op().executable().getName().equals("select") && isLong(call.argument("timeout"))) {
                selector.wakeup();
            }
        } else if (owner == Await.class && isLong(call.argument("timeout"))) {
            Thread.currentThread().interrupt();
        } else if (owner == SocketFd.class) {
            prepareSocket(call);
        } else if (owner == Kqueue.class) {
            prepareKqueue(call);
        } else if (call.index("timeout") >= 0 && isEndless(owner, call.argument("timeout"))) {
            return makeReady(call);
        }
        if (OWNING.contains(call.op().toString()) && (int) call.arguments().get(0) > 0) {
            call.arguments().set(0, owned((int) call.arguments().get(0)));
        }
        limitHuge(call);
        return () -> {};
    }

    /// Whether a wait would take long.
    private static boolean isLong(@Nullable Object timeout) {
        return timeout == null || ((Duration) timeout).compareTo(SHORT_WAIT) > 0;
    }

    private static boolean isEndless(Class<?> owner, @Nullable Object timeout) {
        boolean negative = timeout instanceof Duration duration && duration.isNegative();
        return isLong(timeout) || (negative && owner != Select.class);
    }

    /// Has something be ready for a primitive.
    @SuppressWarnings("unchecked")
    private Runnable makeReady(Call call) {
        var ready = pool.fixture().ready;
        if (call.receiver() instanceof Poll poll) {
            poll.register(ready, Poll.POLLIN);
            return () -> poll.unregister(ready);
        }
        if (call.receiver() instanceof Epoll epoll) {
            try {
                epoll.register(ready, Epoll.EPOLLIN);
            } catch (IOException e) {
                return () -> {}; // it is none of epoll's, or closed, and does not wait
            }
            return () -> {
                try {
                    epoll.unregister(ready);
                } catch (IOException e) {
                    throw new AssertionError(call.toString(), e);
                }
            };
        }
        if (call.op().owner() == Select.class && call.arguments().get(0) instanceof Collection<?> readers) {
            ((Collection<Object>) readers).add(ready);
        }
        return () -> {};
    }

    /// A kernel that is written in Java waits as well, and has no descriptor that is always ready.
    private static void prepareKqueue(Call call) {
        int timeout = call.index("timeout");
        int max = call.index("maxEvents");
        if (timeout >= 0 && isLong(call.arguments().get(timeout))) {
            call.arguments().set(timeout, Duration.ZERO);
        } else if (timeout < 0 && max >= 0) {
            call.arguments().set(max, Math.min((int) call.arguments().get(max), 0));
        }
    }

    private void prepareSocket(Call call) {
        if (CONNECTING.contains(call.op().toString())) {
            for (int i = 0; i < call.arguments().size(); i++) {
                if (call.arguments().get(i) instanceof SocketAddress address
                        && !Addresses.isHarmless(address, pool.fixture())) {
                    call.arguments().set(i, pool.fixture().addresses().getFirst());
                }
            }
        }
        if (call.op().toString().equals("SocketFd.listen(int)") && call.receiver() instanceof SocketFd socket) {
            try {
                // Or else it would listen to the world.
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            } catch (IOException | IllegalArgumentException e) {
                // It is bound already, or of another family, or closed.
            }
        }
    }

    /// A descriptor that nobody else will close, if it is one.
    private int owned(int number) {
        if (!Libc.isOpen(number)) {
            return number;
        }
        return pool.duplicate();
    }

    /// Two gigabytes of zeros are too many for a file.
    private static void limitHuge(Call call) {
        boolean file =
                call.receiver() instanceof FileFd || (call.receiver() instanceof Fd fd && fd.getClass() == Fd.class);
        for (Object argument : call.arguments()) {
            if (file && argument instanceof ByteBuffer buffer && buffer.remaining() > 1 << 20) {
                buffer.limit(buffer.position() + (1 << 20));
            }
        }
    }

    /// Puts things in order after a call.
    void clean(Call call, Call.Outcome outcome) throws IOException {
        Thread.interrupted();
        boolean owning = OWNING.contains(call.op().toString());
        if (owning && outcome.thrown() != null) {
            int number = (int) call.arguments().get(0);
            if (number >= 0 && Libc.isOpen(number)) {
                Libc.close(number);
            }
        }
        if (STANDARD.contains(call.op().toString()) && outcome.value() instanceof Fd standard) {
            standard.close();
            return;
        }
        if (call.receiver() instanceof Fd fd) {
            ObjectPool.setNonBlocking(fd);
            if (call.receiver() instanceof SocketFd socket
                    && call.op().executable().getName().equals("setOption")) {
                stopLingering(socket);
            }
        }
    }

    /// Closing would wait.
    private static void stopLingering(SocketFd socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, -1);
        } catch (IOException e) {
            // It is closed, or no such socket.
        }
    }

    /// Whether what a call has returned may be used.
    static boolean isUsable(Call call) {
        return !STANDARD.contains(call.op().toString());
    }
}
