package io.selectors4j;

import io.selectors4j.internal.sys.Deadline;

/// The simulated kernel of a [JavaSelector]: it has watched numbers, ready numbers and a wakeup signal, but makes no
/// system call, so that tools for races can see every step. Numbers are less than 64.
///
/// A *live* kernel behaves like epoll: a change of the watched numbers affects a wait that has begun, and each signal
/// is reported once. Otherwise the kernel behaves like poll: a wait has its own copy of the watched numbers, and a
/// signal stays until it is drained.
public final class JavaKernel implements Waker {

    private final boolean live;
    private final long[] tokens = new long[Long.SIZE];
    private final long[] foundTokens = new long[Long.SIZE];
    private long watched;
    private long ready;
    private boolean signalled;
    private boolean woken;
    private boolean waiting;
    private boolean ended;
    private int timeouts;
    private int releases;
    private int closes;
    private boolean misuse;

    /// Creates a kernel.
    ///
    /// @param live whether a change affects a wait that has begun
    public JavaKernel(boolean live) {
        this.live = live;
    }

    /// Makes a number ready.
    ///
    /// @param fd the number
    public synchronized void makeReady(int fd) {
        ready |= 1L << fd;
        notifyAll();
    }

    /// Makes a number not ready.
    ///
    /// @param fd the number
    public synchronized void makeUnready(int fd) {
        ready &= ~(1L << fd);
    }

    /// Ends waits without a timeout. A wait that has missed an event returns without a ready number.
    public synchronized void endAllWaits() {
        ended = true;
        notifyAll();
    }

    /// Returns the number of waits that have timed out.
    ///
    /// @return the number
    public synchronized int timeouts() {
        return timeouts;
    }

    /// Returns how often the selector has released its descriptors.
    ///
    /// @return 1 if the selector has released them once; -1 if it has used them afterwards or released them in part
    public synchronized int releases() {
        return misuse || releases != closes ? -1 : releases;
    }

    /// Returns the watched numbers.
    ///
    /// @return a bit for each number
    public synchronized long watched() {
        return watched;
    }

    boolean isLive() {
        return live;
    }

    synchronized void watch(int fd, long token) {
        use();
        watched |= 1L << fd;
        tokens[fd] = token;
        notifyAll();
    }

    synchronized void forget(int fd) {
        watched &= ~(1L << fd); // also after the release: remaining registrations are in no set
    }

    /// Returns the token of a number at the last wait, as epoll does. Later changes are not visible.
    synchronized long foundToken(int fd) {
        return foundTokens[fd];
    }

    /// Returns whether a signal has ended the last wait.
    synchronized boolean isWoken() {
        return woken;
    }

    /// Waits without a timeout, or polls: a timeout expires at once.
    ///
    /// @param requested the numbers to wait for, unless the kernel is live
    /// @return the ready numbers, a bit for each
    synchronized long await(long requested, long nanos) {
        use();
        waiting = true;
        try {
            long found = found(requested);
            while (found == 0 && !signalled && !ended && nanos == Deadline.FOREVER) {
                wait();
                found = found(requested);
            }
            System.arraycopy(tokens, 0, foundTokens, 0, tokens.length);
            woken = signalled;
            signalled = signalled && !live;
            timeouts += nanos > 0 && found == 0 && !woken ? 1 : 0;
            return found;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // no test interrupts here
        } finally {
            waiting = false;
        }
    }

    private long found(long requested) {
        return ready & (live ? watched : requested);
    }

    private void use() {
        misuse |= releases > 0;
    }

    synchronized void release() {
        misuse |= waiting;
        releases++;
    }

    @Override
    public int fileno() {
        return -1;
    }

    @Override
    public synchronized int signal() {
        signalled = true;
        notifyAll();
        return 0;
    }

    @Override
    public synchronized void drain() {
        use();
        signalled = false;
    }

    @Override
    public synchronized void close() {
        misuse |= waiting;
        closes++;
    }
}
