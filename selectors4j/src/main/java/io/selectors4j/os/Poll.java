package io.selectors4j.os;

import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.PollWait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// `poll()`: a set of descriptors, each with the flags to wait for. Python's `select.poll`.
///
/// The set is this object's alone: the kernel sees it during [#poll] only, nothing has to be closed, and a descriptor that
/// is closed is reported as [#POLLNVAL]. One thread at a time may use it; a second one is refused.
///
/// Source: poll(2), Python's module `select`.
public final class Poll {

    // asm-generic/poll.h; sys/poll.h of macOS and the BSDs has the same numbers for these

    /// There is data to read.
    public static final int POLLIN = 0x001;

    /// There is urgent data to read.
    public static final int POLLPRI = 0x002;

    /// There is room to write.
    public static final int POLLOUT = 0x004;

    /// There is an error, or the reading end of a pipe is closed. Reported without being asked for.
    public static final int POLLERR = 0x008;

    /// The other end hung up. Reported without being asked for.
    public static final int POLLHUP = 0x010;

    /// The descriptor is not open. Reported without being asked for.
    public static final int POLLNVAL = 0x020;

    /// Normal data can be read: the same as [#POLLIN].
    public static final int POLLRDNORM = 0x040;

    /// Priority band data can be read; not used on Linux.
    public static final int POLLRDBAND = 0x080;

    // These differ between systems.

    /// Normal data can be written: the same as [#POLLOUT]; on macOS and the BSDs even the same number.
    public static final int POLLWRNORM = Constants.POLLWRNORM;

    /// Priority band data can be written. Its number differs between systems.
    public static final int POLLWRBAND = Constants.POLLWRBAND;

    /// Not used on Linux; 0 on other systems, which lack it.
    public static final int POLLMSG = Constants.orZero(Constants.POLLMSG);

    /// The other end of a stream socket will send nothing more: it was closed or shut down. Linux and FreeBSD, with different
    /// numbers; 0 on other systems, which lack it.
    public static final int POLLRDHUP = Constants.orZero(Constants.POLLRDHUP);

    private static final int DEFAULT_EVENTS = POLLIN | POLLPRI | POLLOUT;
    private static final int UNSIGNED_SHORT = 0xFFFF;

    private final PollFds fds = new PollFds();
    private final Map<Integer, Integer> indices = new HashMap<>();
    private final PollWait wait;
    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

    private Poll() {
        wait = new PollWait();
    }

    /// Creates an empty set.
    ///
    /// @return a new set
    /// @throws UnsupportedOperationException if system calls cannot be made here; the message says why
    public static Poll create() {
        return new Poll();
    }

    /// Puts a descriptor into the set, to wait for POLLIN, POLLPRI and POLLOUT.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws IllegalStateException if another thread is using this object
    public void register(Pollable fileobj) {
        register(fileobj, DEFAULT_EVENTS);
    }

    /// Puts a descriptor into the set. One that is there already gets the new flags: unlike with epoll, that is no error.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask POLL* flags to wait for; 0 for POLLERR, POLLHUP and POLLNVAL alone
    /// @throws IllegalArgumentException if the descriptor is negative, or the mask has bits above the 16 there are
    /// @throws IllegalStateException if another thread is using this object
    public void register(Pollable fileobj, int eventmask) {
        int fd = Descriptors.requireFd(fileobj);
        requireMask(eventmask);
        enter();
        try {
            Integer index = indices.get(fd);
            if (index != null) {
                fds.setEvents(index, eventmask);
            } else {
                indices.put(fd, fds.add(fd, eventmask));
            }
        } finally {
            leave();
        }
    }

    /// Changes the flags of a descriptor in the set.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask POLL* flags to wait for; 0 for POLLERR, POLLHUP and POLLNVAL alone
    /// @throws IllegalArgumentException if the descriptor is negative, or the mask has bits above the 16 there are
    /// @throws NotRegisteredException if the descriptor is not in the set
    /// @throws IllegalStateException if another thread is using this object
    public void modify(Pollable fileobj, int eventmask) {
        int fd = Descriptors.requireFd(fileobj);
        requireMask(eventmask);
        enter();
        try {
            Integer index = indices.get(fd);
            if (index == null) {
                throw new NotRegisteredException(fileobj);
            }
            fds.setEvents(index, eventmask);
        } finally {
            leave();
        }
    }

    /// Takes a descriptor out of the set. It may have been closed, but then has to be given by its number.
    ///
    /// @param fileobj the object with the descriptor, or [Pollable#borrow] its number
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NotRegisteredException if the descriptor is not in the set
    /// @throws IllegalStateException if another thread is using this object
    public void unregister(Pollable fileobj) {
        int fd = Descriptors.requireFd(fileobj);
        enter();
        try {
            Integer index = indices.remove(fd);
            if (index == null) {
                throw new NotRegisteredException(fileobj);
            }
            int last = fds.size() - 1;
            if (index < last) {
                indices.put(fds.fd(last), index);
            }
            fds.remove(index);
        } finally {
            leave();
        }
    }

    /// Waits until something is reported on a descriptor in the set. A signal does not end the wait.
    ///
    /// @param timeout the longest wait, to the nanosecond (on macOS, the millisecond), never shorter; null or negative for no
    ///     limit; zero to look without waiting
    /// @return what is reported; empty when the time is over
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the set is larger than RLIMIT_NOFILE
    /// @throws IllegalStateException if another thread is using this object
    public List<PollEvent> poll(@Nullable Duration timeout) throws IOException {
        return poll(timeout, null);
    }

    /// Waits until something is reported on a descriptor in the set, with some signals blocked meanwhile: `ppoll()`. Besides
    /// what [#poll(Duration)] says, a signal that is not blocked ends the wait.
    ///
    /// @param timeout the longest wait, to the nanosecond (on macOS, the millisecond), never shorter; null or negative for no
    ///     limit; zero to look without waiting
    /// @param mask the signals blocked while waiting; null to leave that as it is
    /// @return what is reported; empty when the time is over, or if there is a mask and a signal came
    /// @throws UnsupportedOperationException if there is a mask, and this system has no `ppoll` (macOS)
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the set is larger than RLIMIT_NOFILE
    /// @throws IllegalStateException if another thread is using this object
    public List<PollEvent> poll(@Nullable Duration timeout, @Nullable SignalMask mask) throws IOException {
        long nanos = Deadline.nanos(timeout);
        enter();
        try {
            int found = wait.await(fds, nanos < 0 ? Deadline.FOREVER : nanos, mask == null ? null : mask.set());
            if (found < 0) {
                throw new NativeIOException(wait.call() + "(nfds=" + fds.size() + ")", -found);
            }
            List<PollEvent> events = new ArrayList<>(found);
            for (int i = 0; events.size() < found; i++) {
                if (fds.revents(i) != 0) {
                    events.add(new PollEvent(fds.fd(i), fds.revents(i)));
                }
            }
            return List.copyOf(events);
        } finally {
            leave();
        }
    }

    private static void requireMask(int eventmask) {
        if ((eventmask & ~UNSIGNED_SHORT) != 0) {
            throw new IllegalArgumentException("the flags of poll have 16 bits: 0x" + Integer.toHexString(eventmask));
        }
    }

    private void enter() {
        Thread me = Thread.currentThread();
        Thread other = user.compareAndExchange(null, me);
        if (other != null) {
            throw new IllegalStateException(
                    me + " cannot use this poll object: " + other + " is using it, and one thread at a time can");
        }
    }

    private void leave() {
        user.set(null);
    }
}
