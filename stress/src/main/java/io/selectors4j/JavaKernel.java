package io.selectors4j;

import io.selectors4j.internal.sys.Deadline;

/// The kernel of a [JavaSelector]: knows what is watched, what is ready and whether somebody has woken it, without a system call, so that
/// every step of it can be seen by who looks for races. Numbers are less than 64.
///
/// It is watched with as epoll (*live*: a change of what is watched reaches who waits already, and each signal is reported once) or as
/// poll (who waits has handed over a copy, and a signal is there until it is drained).
public final class JavaKernel implements Waker {

    private final boolean live;
    private final long[] tokens = new long[Long.SIZE];
    private final long[] foundTokens = new long[Long.SIZE];
    private long watched;
    private long ready;
    private boolean signalled;
    private boolean woken;
    private boolean waiting;
    private boolean settled;
    private int timeouts;
    private int releases;
    private int closes;
    private boolean misused;

    /// Makes a kernel.
    ///
    /// @param live whether a change reaches who waits already
    public JavaKernel(boolean live) {
        this.live = live;
    }

    /// Makes a number ready from now on.
    ///
    /// @param fd the number
    public synchronized void makeReady(int fd) {
        ready |= 1L << fd;
        notifyAll();
    }

    /// Takes what made a number ready.
    ///
    /// @param fd the number
    public synchronized void makeUnready(int fd) {
        ready &= ~(1L << fd);
    }

    /// Says that nothing will happen any more: who waits without an end has not been told of something, and returns with nothing.
    public synchronized void settle() {
        settled = true;
        notifyAll();
    }

    /// How many waits have found nothing until their time was over.
    ///
    /// @return the number
    public synchronized int timeouts() {
        return timeouts;
    }

    /// How often the selector has given everything back, and rightly so: it was in use neither then nor afterwards.
    ///
    /// @return once, as it should be; -1 if it was used afterwards or given back in part
    public synchronized int releases() {
        return misused || releases != closes ? -1 : releases;
    }

    /// What is watched.
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
        watched &= ~(1L << fd); // afterwards too: what is still registered then is in no set
    }

    /// What the last wait has handed over with a number, as epoll does: what has been watched since is not seen.
    synchronized long foundToken(int fd) {
        return foundTokens[fd];
    }

    /// Whether the last wait was ended by a signal.
    synchronized boolean isWoken() {
        return woken;
    }

    /// Waits without an end, or else not at all: time that has one is over at once.
    ///
    /// @param asked what to wait for, where that is not live
    /// @return what is ready, a bit for each number
    synchronized long await(long asked, long nanos) {
        use();
        waiting = true;
        try {
            long found = found(asked);
            while (found == 0 && !signalled && !settled && nanos == Deadline.FOREVER) {
                wait();
                found = found(asked);
            }
            System.arraycopy(tokens, 0, foundTokens, 0, tokens.length);
            woken = signalled;
            signalled = signalled && !live;
            timeouts += nanos > 0 && found == 0 && !woken ? 1 : 0;
            return found;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // nobody interrupts here
        } finally {
            waiting = false;
        }
    }

    private long found(long asked) {
        return ready & (live ? watched : asked);
    }

    private void use() {
        misused |= releases > 0;
    }

    synchronized void release() {
        misused |= waiting;
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
        misused |= waiting;
        closes++;
    }
}
