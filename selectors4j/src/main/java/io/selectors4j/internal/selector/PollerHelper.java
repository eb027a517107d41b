package io.selectors4j.internal.selector;

import io.selectors4j.internal.sys.LibraryThreads;
import java.util.concurrent.locks.LockSupport;

/// A virtual thread that reports events in place of a [Poller]'s thread. It takes turns with the threads that it
/// unparks, on their carriers. So it finds more events at once than the poller's thread, and no switch between platform
/// threads separates them.
///
/// It does not run while all carriers are busy or pinned. The poller's thread, which waits for it, stops it if it makes
/// no progress, and goes on alone until the helper runs again.
final class PollerHelper {

    /// The time without progress after which the helper is stopped, in nanoseconds.
    static final long PATIENCE = 10_000_000;

    private final Poller poller;
    private final PollerBackend.Receiver receiver;
    private final long patience;
    private final Thread thread = LibraryThreads.makeVirtual("poller-helper", this::run);

    /// Whether the thread was started. For the poller's thread.
    private boolean started;

    /// Whether the helper may receive events. Written with the monitor held.
    private volatile boolean active;

    /// The number of polls so far. Written with the monitor held.
    private volatile int polls;

    /// Whether the helper was stopped because it made no progress, and has not run since. Written with the monitor
    /// held.
    private volatile boolean stalled;

    /// Whether the helper has received events that are not reported yet. Guarded by the monitor.
    private boolean holdsEvents;

    /// Creates a helper that does nothing yet.
    ///
    /// @param patience usually [#PATIENCE]
    PollerHelper(Poller poller, PollerBackend.Receiver receiver, long patience) {
        this.poller = poller;
        this.receiver = receiver;
        this.patience = patience;
    }

    /// Lets the helper report events until it finds none. Called by the poller's thread, which waits for that.
    ///
    /// @return false if the helper does not report what it has received: all descriptors have to be polled again
    boolean reportEvents() {
        if (!started) {
            started = true;
            thread.start();
        }
        if (stalled || !thread.isAlive()) { // not alive: there was no memory to start it
            return true;
        }
        activate();
        LockSupport.unpark(thread);
        int seen = polls;
        long since = System.nanoTime();
        while (active && System.nanoTime() - since < patience) {
            LockSupport.parkNanos(this, patience);
            if (polls != seen) {
                seen = polls;
                since = System.nanoTime();
            }
        }
        return endTurn();
    }

    private synchronized void activate() {
        active = true;
    }

    private synchronized boolean endTurn() {
        stalled = active;
        return stop();
    }

    /// Stops the helper. It receives no event afterwards. Called by the poller's thread.
    ///
    /// @return as [#reportEvents]
    synchronized boolean stop() {
        boolean reported = !holdsEvents;
        active = false;
        holdsEvents = false;
        return reported;
    }

    private void run() {
        while (poller.isRunning()) {
            try {
                int found = poll();
                if (found > 0) {
                    poller.report(receiver, found);
                    reported();
                    letOthersRun();
                } else {
                    LockSupport.park(this);
                }
            } catch (VirtualMachineError e) {
                // A lack of memory, which may pass. The poller's thread polls again what was not reported.
                finish();
            }
        }
    }

    /// Receives events.
    ///
    /// @return their number; 0 or less if there are none, or the helper is stopped
    private synchronized int poll() {
        if (!active) {
            stalled = false;
            return 0;
        }
        int found = receiver.await(0);
        polls++;
        holdsEvents = found > 0;
        if (found <= 0) {
            finish();
        }
        return found;
    }

    private synchronized void reported() {
        holdsEvents = false;
    }

    /// Hands over to the poller's thread.
    private synchronized void finish() {
        if (active) {
            active = false;
            poller.unpark();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // not a hint here: without it, the threads unparked do not run
    private static void letOthersRun() {
        Thread.yield();
    }

    /// Stops the helper and ends its thread, when the poller is not running any more.
    void end() {
        stop();
        LockSupport.unpark(thread);
    }
}
