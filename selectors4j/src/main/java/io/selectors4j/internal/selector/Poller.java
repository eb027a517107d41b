package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.LibraryThreads;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Watches descriptors for parked threads, each of which waits for one. A single platform thread waits in the kernel
/// for all of them. It starts with the first wait and never ends. Once it has unparked a virtual thread, a
/// [PollerHelper] polls in its place until nothing is ready. Each descriptor is watched one-shot.
///
/// The poller must not fail: without it no parked thread wakes. After a lack of memory it polls all descriptors again.
/// If its thread ends for another reason, all waits end with an error, and the next wait starts another poller.
final class Poller {

    private static final int STRIPES = 16;

    private static final Object LOCK = new Object();

    /// The poller of this process. Written with the lock held, read without it.
    private static volatile @Nullable Poller shared;

    private final PollerBackend backend;
    private final PollerBackend.Receiver receiver;
    private final PollerHelper helper;
    private final PollerStripe[] stripes = new PollerStripe[STRIPES];
    private final Thread thread = LibraryThreads.make("poller", this::run);

    private volatile boolean failed;

    private Poller(PollerBackend backend, long patience) {
        this.backend = backend;
        receiver = backend.createReceiver();
        helper = new PollerHelper(this, backend.createReceiver(), patience);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new PollerStripe(backend, STRIPES);
        }
    }

    /// Returns the poller of this process, and starts it if necessary.
    ///
    /// @throws NativeIOException EMFILE or ENFILE at a limit of open files, ENOMEM
    static Poller shared() throws IOException {
        Poller poller = shared;
        return poller == null || poller.failed ? startShared() : poller;
    }

    private static Poller startShared() throws IOException {
        synchronized (LOCK) {
            Poller poller = shared;
            if (poller == null || poller.failed) {
                poller = start(PollerBackend.create());
                shared = poller;
            }
            return poller;
        }
    }

    /// Starts a poller, which closes its backend if it fails.
    static Poller start(PollerBackend backend) {
        return start(backend, PollerHelper.PATIENCE);
    }

    /// Starts a poller with another patience than [PollerHelper#PATIENCE].
    static Poller start(PollerBackend backend, long patience) {
        try {
            Poller poller = new Poller(backend, patience);
            poller.thread.start();
            return poller;
        } catch (Throwable t) {
            backend.close();
            throw t;
        }
    }

    /// Returns the poller of this process, or null if it has not started.
    static @Nullable Poller sharedIfStarted() {
        return shared;
    }

    private PollerStripe stripe(int fd) {
        return stripes[Math.floorMod(fd, STRIPES)];
    }

    /// Begins to watch for a wait, unless the wait has a result.
    ///
    /// @return 0, or `-errno` if the kernel refuses
    int add(PollerWait wait) {
        return stripe(wait.fd()).add(wait);
    }

    /// Stops watching for a wait that has no result.
    void remove(PollerWait wait) {
        stripe(wait.fd()).remove(wait);
    }

    /// Ends a wait with a result, before or after [#add], unless it has one.
    void cancel(PollerWait wait, int result) {
        stripe(wait.fd()).cancel(wait, result);
    }

    /// Ends a wait with a result, before or after [#add], and leaves the descriptor in the kernel set.
    ///
    /// @return false if the wait has a result
    boolean wake(PollerWait wait, int result) {
        return stripe(wait.fd()).wake(wait, result);
    }

    /// Watches the new open file of a number.
    void restartPoll(int fd) throws NativeIOException {
        int result = stripe(fd).restartPoll(fd);
        if (result < 0) {
            throw new NativeIOException(describe(fd), -result);
        }
    }

    /// Removes a descriptor from the kernel set.
    ///
    /// @param result the result of the current waits for it, `-errno`
    /// @return whether the kernel set had it
    boolean evict(int fd, int result) {
        return stripe(fd).evict(fd, result);
    }

    String describe(int fd) {
        return backend.describe(fd);
    }

    private void run() {
        boolean restart = false;
        try {
            while (!failed) {
                try {
                    if (restart) {
                        for (PollerStripe stripe : stripes) {
                            stripe.restartAllPolls();
                        }
                        restart = false;
                    }
                    int found = receiver.await(Deadline.FOREVER);
                    if (found < 0) { // other code has closed the descriptor of the kernel set
                        fail(found);
                    } else if (report(receiver, found)) {
                        restart = !helper.reportEvents();
                    }
                } catch (VirtualMachineError e) {
                    // A lack of memory, which may pass. The events that were not reported are polled again.
                    helper.stop();
                    restart = true;
                }
            }
        } finally {
            fail(-Errno.ENOMEM); // without effect, unless this thread ends by an exception
        }
    }

    /// Ends the waits for events.
    ///
    /// @return whether a virtual thread was unparked
    boolean report(PollerBackend.Receiver received, int found) {
        boolean virtual = false;
        for (int i = 0; i < found; i++) {
            long token = received.token(i);
            virtual |= stripe((int) token).report(token, received.events(i));
        }
        return virtual;
    }

    boolean isRunning() {
        return !failed;
    }

    /// Wakes the poller's thread from [PollerHelper#reportEvents].
    void unpark() {
        LockSupport.unpark(thread);
    }

    /// Ends all waits. The poller's thread calls it; afterwards no stripe uses the backend.
    private void fail(int cause) {
        if (!failed) {
            failed = true;
            for (PollerStripe stripe : stripes) {
                stripe.fail(cause);
            }
            helper.end();
            backend.close();
        }
    }
}
