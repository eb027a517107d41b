package io.selectors4j.testing;

import io.selectors4j.Await;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A program with many virtual threads. Each one waits for its own descriptor, in its own select or in [Await]; one
/// more thread makes all descriptors ready. The program runs with one carrier thread: if a wait occupied the carrier,
/// the second thread could not begin its wait.
///
/// Prints how many waits ended. The exit code is 0 if all did.
public final class ManyVirtualThreads {

    private static final int PATIENCE_SECONDS = 240;

    private ManyVirtualThreads() {}

    private interface WaitMethod {
        boolean await(Fd fd) throws Exception;
    }

    /// Runs the threads.
    ///
    /// @param args a backend, `await`, or `pin` (which pins the carrier on purpose); and the number of threads
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        int served = switch (args[0]) {
            case "await" -> warmUpAndServe(count, fd -> Await.readable(fd, null));
            case "pin" -> serve(count, fd -> Pinned.DONE);
            default -> {
                BackendUnderTest backend = BackendUnderTest.valueOf(args[0]);
                yield warmUpAndServe(count, fd -> select(backend, fd));
            }
        };
        System.out.println(args[0] + ": " + served + " of " + count + " virtual threads served, on "
                + System.getProperty("jdk.virtualThreadScheduler.parallelism") + " carrier");
        long helpers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("selectors4j-helper"))
                .count();
        // KQUEUE is libkqueue on Linux
        boolean mayHaveHelpers = List.of(
                        "SELECT", "POLL", "KQUEUE", "AFD", "AFD_SIMULATED", "IO_URING", "IO_URING_BATCHED")
                .contains(args[0]);
        if (helpers > 0 && !mayHaveHelpers) {
            System.out.println(helpers + " threads made system calls for them");
        }
        System.exit(served == count && (helpers == 0 || mayHaveHelpers) ? 0 : 1);
    }

    private static boolean select(BackendUnderTest backend, Fd fd) throws Exception {
        try (Selector<Fd> selector = backend.open()) {
            selector.register(fd, Interest.READ, fd);
            return selector.select().stream()
                    .allMatch(ready -> fd.equals(ready.key().data()));
        }
    }

    /// A class whose initializer blocks pins the carrier, because there is a native frame on the stack.
    private static final class Pinned {
        static final boolean DONE;

        static {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            DONE = true;
        }
    }

    /// Loads all classes first, on a platform thread and then on one virtual thread: a virtual thread that loads a
    /// class pins its carrier where the class loader waits for a lock of another thread.
    private static int warmUpAndServe(int count, WaitMethod waitMethod) throws Exception {
        LockSupport.unpark(Thread.currentThread()); // initializes the class
        try (Fd fd = open()) {
            fd.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(0, 1));
            if (!waitMethod.await(fd) || fd.read(ByteBuffer.allocate(Long.BYTES)) != Long.BYTES) {
                return 0;
            }
        }
        return serve(1, waitMethod) == 1 ? serve(count, waitMethod) : 0;
    }

    private static Fd open() throws IOException {
        return Fd.fromFd(
                LinuxLibc.eventfd(ErrnoCapture.current(), 0, LinuxConstants.EFD_CLOEXEC | LinuxConstants.EFD_NONBLOCK));
    }

    private static int serve(int count, WaitMethod waitMethod) throws Exception {
        List<Fd> fds = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(count);
        CountDownLatch ended = new CountDownLatch(count);
        AtomicInteger served = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            Fd fd = open();
            fds.add(fd);
            Thread.ofVirtual().start(() -> {
                begun.countDown();
                try {
                    if (waitMethod.await(fd) && fd.read(ByteBuffer.allocate(Long.BYTES)) == Long.BYTES) {
                        served.incrementAndGet();
                    }
                } catch (Exception e) {
                    e.printStackTrace(System.out);
                } finally {
                    ended.countDown();
                }
            });
        }
        if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            System.out.println("only " + (count - begun.getCount()) + " could begin to wait");
            return 0;
        }
        Thread.ofVirtual().start(() -> {
            ByteBuffer one = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            for (Fd fd : fds) {
                try {
                    fd.write(one.putLong(0, 1).clear());
                } catch (Exception e) {
                    e.printStackTrace(System.out);
                }
            }
        });
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            System.out.println(ended.getCount() + " are still waiting");
        }
        return served.get();
    }
}
