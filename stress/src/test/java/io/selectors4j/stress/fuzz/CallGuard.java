package io.selectors4j.stress.fuzz;

import io.selectors4j.Await;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.StdinFd;
import io.selectors4j.fd.Transfer;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringCompletions;
import io.selectors4j.os.IoUringMessage;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.testing.Libc;
import io.selectors4j.tty.KeyReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Prevents calls from blocking for long and from affecting other processes: it changes the arguments of dangerous
/// calls or makes a preparing call.
final class CallGuard {

    private static final Duration SHORT_WAIT = Duration.ofMillis(1);

    /// Calls whose results belong to the parent process.
    private static final Set<String> STANDARD_STREAMS =
            Set.of("Fd.stdin()", "Fd.stdout()", "Fd.stderr()", "StdinFd.open()");

    private static final Set<String> ADDRESS_METHODS = Set.of(
            "SocketFd.createConnection(SocketAddress)",
            "SocketFd.createServer(SocketAddress, int)",
            "SocketFd.connect(SocketAddress)",
            "SocketFd.bind(SocketAddress)",
            "SocketFd.sendTo(ByteBuffer, SocketAddress, int)",
            "IoUring.connect(Pollable, SocketAddress, int, long)",
            "IoUringMessage.setReceiver(SocketAddress)");

    /// Methods that take ownership of a descriptor.
    private static final Set<String> OWNING_METHODS =
            Set.of("Fd.fromFd(int)", "SocketFd.fromFd(int)", "Epoll.fromFd(int)", "Kqueue.fromFd(int)");

    /// The user data of requests whose results are new descriptors.
    private static final long ACCEPTED = 0x0ACC_E97E_D000_0000L;

    private final ObjectPool pool;

    CallGuard(ObjectPool pool) {
        this.pool = pool;
    }

    /// Makes a call harmless.
    ///
    /// @return the action after the call
    Runnable prepare(Call call) {
        Class<?> owner = call.op().owner();
        if (owner == Selector.class && call.receiver() instanceof Selector<?> selector) {
            if (call.op().executable().getName().equals("select") && isLong(call.argument("timeout"))) {
                selector.wakeup();
            }
        } else if ((owner == Await.class || owner == ChildProcess.class)
                && call.index("timeout") >= 0
                && isLong(call.argument("timeout"))) {
            Thread.currentThread().interrupt();
        } else if (owner == SocketFd.class) {
            prepareSocket(call);
        } else if (owner == Transfer.class) {
            prepareTransfer(call);
        } else if (owner == IoUring.class || owner == IoUringMessage.class) {
            prepareRing(call);
        } else if (owner == Kqueue.class) {
            prepareKqueue(call);
        } else if (call.index("timeout") >= 0 && isEndless(owner, call.argument("timeout"))) {
            return makeReady(call);
        }
        if (OWNING_METHODS.contains(call.op().toString())
                && (int) call.arguments().get(0) > 0) {
            call.arguments().set(0, ownedFd((int) call.arguments().get(0)));
        }
        limitHuge(call);
        return () -> {};
    }

    /// Returns whether a timeout is long.
    private static boolean isLong(@Nullable Object timeout) {
        return timeout == null || ((Duration) timeout).compareTo(SHORT_WAIT) > 0;
    }

    private static boolean isEndless(Class<?> owner, @Nullable Object timeout) {
        boolean negative = timeout instanceof Duration duration && duration.isNegative();
        return isLong(timeout) || (negative && owner != Select.class);
    }

    /// Adds a ready object to a primitive.
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
                return () -> {}; // not an epoll, or closed: the call does not block
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

    /// A simulated kernel blocks too, and has no descriptor that is always ready.
    private static void prepareKqueue(Call call) {
        int timeout = call.index("timeout");
        int max = call.index("maxEvents");
        if (timeout >= 0 && isLong(call.arguments().get(timeout))) {
            call.arguments().set(timeout, Duration.ZERO);
        } else if (timeout < 0 && max >= 0) {
            call.arguments().set(max, Math.min((int) call.arguments().get(max), 0));
        }
    }

    /// Limits the bytes of a transfer, because files may be sparse, and those that a copy could wait with.
    private static void prepareTransfer(Call call) {
        int count = call.index("count");
        Object source = call.argument("source");
        boolean keepsBytes = source instanceof FileFd || source instanceof PipeFd || source instanceof SocketFd;
        boolean copies = call.op().executable().getName().equals("copy");
        long most = copies && !keepsBytes ? 0 : 1 << 20;
        call.arguments().set(count, Math.min((long) call.arguments().get(count), most));
    }

    private void prepareRing(Call call) {
        prepareAddress(call);
        switch (call.op().executable().getName()) {
            case "submitAndWait" -> {
                // A request that ends the wait could be part of a chain that does not.
                if (isEndless(IoUring.class, call.argument("timeout"))) {
                    call.arguments().set(call.index("timeout"), SHORT_WAIT);
                }
            }
            case "accept", "acceptMultishot" -> call.arguments().set(call.index("data"), ACCEPTED);
            case "closeFd" -> call.arguments().set(call.index("fd"), Libc.NEVER_OPEN);
            case "provideBuffers" -> call.arguments().set(call.index("size"), 64);
            default -> {
                int data = call.index("data");
                if (data >= 0) {
                    call.arguments().set(data, 1L);
                }
            }
        }
    }

    private void prepareSocket(Call call) {
        prepareAddress(call);
        if (call.op().toString().equals("SocketFd.listen(int)") && call.receiver() instanceof SocketFd socket) {
            try {
                // An unbound socket would listen on all interfaces.
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            } catch (IOException | IllegalArgumentException e) {
                // It is bound already, of another family, or closed.
            }
        }
    }

    private void prepareAddress(Call call) {
        if (ADDRESS_METHODS.contains(call.op().toString())) {
            for (int i = 0; i < call.arguments().size(); i++) {
                if (call.arguments().get(i) instanceof SocketAddress address
                        && !Addresses.isHarmless(address, pool.fixture())) {
                    call.arguments().set(i, pool.fixture().addresses().getFirst());
                }
            }
        }
    }

    /// Returns a descriptor that no other object will close, if the number is open.
    private int ownedFd(int number) {
        if (!Libc.isOpen(number)) {
            return number;
        }
        return pool.duplicate();
    }

    /// Limits the bytes that are written to a file, or become keys.
    private static void limitHuge(Call call) {
        boolean file = call.receiver() instanceof FileFd
                || call.receiver() instanceof StdinFd
                || call.receiver() instanceof KeyReader
                || call.receiver() instanceof IoUring
                || (call.receiver() instanceof Fd fd && fd.getClass() == Fd.class);
        for (Object argument : call.arguments()) {
            if (file && argument instanceof ByteBuffer buffer) {
                limit(buffer);
            } else if (file && argument instanceof ByteBuffer[] buffers) {
                Arrays.stream(buffers).filter(Objects::nonNull).forEach(CallGuard::limit);
            }
        }
    }

    private static void limit(ByteBuffer buffer) {
        if (buffer.remaining() > 1 << 20) {
            buffer.limit(buffer.position() + (1 << 20));
        }
    }

    /// Restores a harmless state after a call.
    void clean(Call call, Call.Outcome outcome) throws IOException {
        Thread.interrupted();
        boolean owning = OWNING_METHODS.contains(call.op().toString());
        if (owning && outcome.thrown() != null) {
            int number = (int) call.arguments().get(0);
            if (number >= 0 && Libc.isOpen(number)) {
                Libc.close(number);
            }
        }
        if (STANDARD_STREAMS.contains(call.op().toString()) && outcome.value() instanceof Fd standard) {
            standard.close();
            return;
        }
        if (call.argument("into") instanceof IoUringCompletions completions) {
            closeAccepted(completions);
        }
        if (call.receiver() instanceof Fd fd) {
            ObjectPool.setNonBlocking(fd);
            if (call.receiver() instanceof SocketFd socket
                    && call.op().executable().getName().equals("setOption")) {
                stopLingering(socket);
            }
        }
    }

    private static void closeAccepted(IoUringCompletions completions) {
        for (int i = 0; i < completions.size(); i++) {
            if (completions.data(i) == ACCEPTED && completions.result(i) >= 0) {
                Libc.close(completions.result(i));
            }
        }
    }

    /// Removes SO_LINGER, which would make close block.
    private static void stopLingering(SocketFd socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, -1);
        } catch (IOException e) {
            // It is closed, or not such a socket.
        }
    }

    /// Returns whether the result of a call may be used.
    static boolean isUsable(Call call) {
        return !STANDARD_STREAMS.contains(call.op().toString());
    }
}
