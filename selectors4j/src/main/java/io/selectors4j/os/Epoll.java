package io.selectors4j.os;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptor;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.EpollInstance;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// epoll: a set of descriptors that the kernel keeps. Python's `select.epoll`.
///
/// It is the kernel's set and the kernel's rules. An entry belongs to a descriptor's number together with its open file,
/// and disappears when the last descriptor of that file is closed, not when the one that was registered is. Register twice
/// is EEXIST, an unknown descriptor is ENOENT.
///
/// Any number of threads may use one object, and wait with it, at once. Closing it does not wake them; its descriptor is
/// given back when the last of them returns.
///
/// Source: epoll(7), epoll_create1(2), epoll_ctl(2), epoll_wait(2), Python's module `select`.
public final class Epoll implements Pollable, Closeable {

    // linux/eventpoll.h

    /// There is data to read.
    public static final int EPOLLIN = 0x001;

    /// There is urgent data to read.
    public static final int EPOLLPRI = 0x002;

    /// There is room to write.
    public static final int EPOLLOUT = 0x004;

    /// There is an error, or the reading end of a pipe is closed. Reported without being asked for.
    public static final int EPOLLERR = 0x008;

    /// The other end hung up. Reported without being asked for.
    public static final int EPOLLHUP = 0x010;

    /// Normal data can be read: the same as [#EPOLLIN].
    public static final int EPOLLRDNORM = 0x040;

    /// Priority band data can be read; not used on Linux.
    public static final int EPOLLRDBAND = 0x080;

    /// Normal data can be written: the same as [#EPOLLOUT].
    public static final int EPOLLWRNORM = 0x100;

    /// Priority band data can be written.
    public static final int EPOLLWRBAND = 0x200;

    /// Not used.
    public static final int EPOLLMSG = 0x400;

    /// The other end of a stream socket will send nothing more: it was closed or shut down.
    public static final int EPOLLRDHUP = 0x2000;

    /// Of several epoll sets that watch the same open file, wake one or more, not all. Since Linux 4.5; only with
    /// [#register], and only together with EPOLLIN, EPOLLOUT, EPOLLWAKEUP and EPOLLET.
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    /// Keep the system from suspending while the event is pending; needs CAP_BLOCK_SUSPEND and is ignored without.
    public static final int EPOLLWAKEUP = 1 << 29;

    /// Report one event, and then nothing until [#modify].
    public static final int EPOLLONESHOT = 1 << 30;

    /// Report a change, not a state: edge-triggered.
    public static final int EPOLLET = 1 << 31;

    private static final int DEFAULT_EVENTS = EPOLLIN | EPOLLPRI | EPOLLOUT;
    private static final int DEFAULT_MAX_EVENTS = 1023;
    private static final int LARGEST_BUFFER = 4096;

    /// Keeps the number from a new owner while a thread uses it.
    private final Descriptor descriptor;

    private final EpollInstance instance;

    /// Memory for a thread that waits for a list; a second thread at the same time makes its own.
    private final AtomicReference<@Nullable EpollEvents> spare = new AtomicReference<>();

    private Epoll(EpollInstance instance) {
        this.instance = instance;
        descriptor = new Descriptor(instance.fileno());
    }

    /// Creates an instance, which a child process does not inherit: `epoll_create1(EPOLL_CLOEXEC)`.
    ///
    /// @return a new instance
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if system calls cannot be made here; the message says why
    public static Epoll create() throws IOException {
        return new Epoll(EpollInstance.create());
    }

    /// Makes an object of an epoll descriptor that exists: Python's `epoll.fromfd`. Closing the object closes the
    /// descriptor. Whether it is one of epoll shows when it is used: EINVAL if not.
    ///
    /// @param fd the descriptor
    /// @return an object that owns it
    /// @throws IllegalArgumentException if it is negative
    /// @throws UnsupportedOperationException if system calls cannot be made here; the message says why
    public static Epoll fromFd(int fd) {
        if (fd < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fd);
        }
        return new Epoll(new EpollInstance(fd));
    }

    /// The descriptor of the instance, which becomes readable when an event is pending.
    ///
    /// @return the descriptor's number, or -1 once it is closed
    @Override
    public int fileno() {
        return descriptor.fileno();
    }

    /// Whether this object was closed.
    ///
    /// @return whether it is closed
    public boolean closed() {
        return descriptor.fileno() < 0;
    }

    /// Puts a descriptor into the set, to wait for EPOLLIN, EPOLLPRI and EPOLLOUT.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: see [#register(Pollable, int, long)]
    /// @throws ClosedChannelException if this object is closed
    public void register(Pollable fileobj) throws IOException {
        register(fileobj, DEFAULT_EVENTS);
    }

    /// Puts a descriptor into the set. Its number becomes the user data of its events.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask EPOLL* flags
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: see [#register(Pollable, int, long)]
    /// @throws ClosedChannelException if this object is closed
    public void register(Pollable fileobj, int eventmask) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        check("ADD", fd, control(() -> instance.add(fd, eventmask, fd)));
    }

    /// Puts a descriptor into the set: `epoll_ctl(EPOLL_CTL_ADD)`.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask EPOLL* flags
    /// @param data what the events of the descriptor carry
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: EEXIST if it is in the set, EBADF if it is not open, EPERM for
    ///     what cannot be polled (a regular file, a directory, `/dev/null`), EINVAL for this instance itself or a wrong flag, ELOOP for instances that watch each
    ///     other, ENOSPC at the limit of `/proc/sys/fs/epoll/max_user_watches`, ENOMEM
    /// @throws ClosedChannelException if this object is closed
    public void register(Pollable fileobj, int eventmask, long data) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        check("ADD", fd, control(() -> instance.add(fd, eventmask, data)));
    }

    /// Changes the flags of a descriptor in the set. Its number becomes the user data of its events.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask EPOLL* flags
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: see [#modify(Pollable, int, long)]
    /// @throws ClosedChannelException if this object is closed
    public void modify(Pollable fileobj, int eventmask) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        check("MOD", fd, control(() -> instance.modify(fd, eventmask, fd)));
    }

    /// Changes the flags and the user data of a descriptor in the set: `epoll_ctl(EPOLL_CTL_MOD)`.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask EPOLL* flags
    /// @param data what the events of the descriptor carry from now on
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: ENOENT if it is not in the set, EBADF if it is not open, EINVAL for
    ///     EPOLLEXCLUSIVE, which cannot be modified
    /// @throws ClosedChannelException if this object is closed
    public void modify(Pollable fileobj, int eventmask, long data) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        check("MOD", fd, control(() -> instance.modify(fd, eventmask, data)));
    }

    /// Takes a descriptor out of the set: `epoll_ctl(EPOLL_CTL_DEL)`.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: ENOENT if it is not in the set, EBADF if it is not open
    /// @throws ClosedChannelException if this object is closed
    public void unregister(Pollable fileobj) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        check("DEL", fd, control(() -> instance.delete(fd)));
    }

    /// Waits until an event is pending, and returns up to 1023 events, as Python does. See [#poll(Duration, int)].
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero to look without waiting
    /// @return the events; empty when the time is over
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not one of epoll
    /// @throws ClosedChannelException if this object is closed
    public List<EpollEvent> poll(@Nullable Duration timeout) throws IOException {
        return poll(timeout, DEFAULT_MAX_EVENTS);
    }

    /// Waits until an event is pending. A signal does not end the wait.
    ///
    /// @param timeout the longest wait, to the nanosecond, never shorter, and rounded up to the millisecond on a kernel
    ///     before 5.11; null or negative for no limit; zero to look without waiting
    /// @param maxEvents how many events to return at the most, positive; more than 4096 are never returned at once. What
    ///     does not fit is returned by the next call
    /// @return the events; empty when the time is over
    /// @throws IllegalArgumentException if `maxEvents` is not positive
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not one of epoll
    /// @throws ClosedChannelException if this object is closed
    public List<EpollEvent> poll(@Nullable Duration timeout, int maxEvents) throws IOException {
        return poll(timeout, maxEvents, null);
    }

    /// Waits until an event is pending, with some signals blocked meanwhile: `epoll_pwait2()`. Besides what
    /// [#poll(Duration, int)] says, a signal that is not blocked ends the wait.
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero to look without waiting
    /// @param maxEvents how many events to return at the most, positive
    /// @param mask the signals blocked while waiting; null to leave that as it is
    /// @return the events; empty when the time is over, or if there is a mask and a signal came
    /// @throws IllegalArgumentException if `maxEvents` is not positive
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not one of epoll
    /// @throws ClosedChannelException if this object is closed
    public List<EpollEvent> poll(@Nullable Duration timeout, int maxEvents, @Nullable SignalMask mask)
            throws IOException {
        if (maxEvents <= 0) {
            throw new IllegalArgumentException("maxEvents is not positive: " + maxEvents);
        }
        int capacity = Math.min(maxEvents, LARGEST_BUFFER);
        EpollEvents found = spare.getAndSet(null);
        if (found == null || found.capacity() < capacity) {
            found = new EpollEvents(capacity);
        }
        try {
            int size = poll(timeout, found, capacity, mask);
            List<EpollEvent> events = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                events.add(new EpollEvent(found.data(i), found.events(i)));
            }
            return List.copyOf(events);
        } finally {
            spare.set(found);
        }
    }

    /// Waits until an event is pending, without creating any object. A signal does not end the wait.
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero to look without waiting
    /// @param found holds the events afterwards; as many as fit, and the next call returns the others
    /// @return how many events there are; 0 when the time is over
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not one of epoll
    /// @throws ClosedChannelException if this object is closed
    public int poll(@Nullable Duration timeout, EpollEvents found) throws IOException {
        return poll(timeout, found, null);
    }

    /// Waits until an event is pending, without creating any object and with some signals blocked meanwhile.
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero to look without waiting
    /// @param found holds the events afterwards; as many as fit, and the next call returns the others
    /// @param mask the signals blocked while waiting; null to leave that as it is
    /// @return how many events there are; 0 when the time is over, or if there is a mask and a signal came
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not one of epoll
    /// @throws ClosedChannelException if this object is closed
    public int poll(@Nullable Duration timeout, EpollEvents found, @Nullable SignalMask mask) throws IOException {
        return poll(timeout, found, found.capacity(), mask);
    }

    private int poll(@Nullable Duration timeout, EpollEvents found, int max, @Nullable SignalMask mask)
            throws IOException {
        long nanos = Deadline.nanos(timeout);
        found.setSize(0);
        int epfd = descriptor.acquire();
        int size = -Errno.EBADF;
        if (epfd >= 0) {
            try {
                long longest = nanos < 0 ? Deadline.FOREVER : nanos;
                size = found.memory().await(epfd, found.array(), max, longest, mask == null ? null : mask.set());
            } finally {
                descriptor.release();
            }
        }
        if (size < 0) {
            requireOpen();
            throw new NativeIOException("epoll_wait(epfd=" + fileno() + ")", -size);
        }
        found.setSize(size);
        return size;
    }

    /// Closes the descriptor: now, or when the last thread that waits on it returns. Closing again does nothing.
    @Override
    public void close() {
        descriptor.close();
    }

    /// Makes an `epoll_ctl` call. One call at a time uses the memory of the instance.
    private int control(IntSupplier call) {
        if (descriptor.acquire() < 0) {
            return -Errno.EBADF;
        }
        try {
            synchronized (instance) {
                return call.getAsInt();
            }
        } finally {
            descriptor.release();
        }
    }

    private void check(String operation, int fd, int result) throws IOException {
        if (result < 0) {
            requireOpen();
            throw new NativeIOException("epoll_ctl(" + operation + ", fd=" + fd + ")", -result);
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public String toString() {
        return closed() ? "Epoll[closed]" : "Epoll[fd=" + fileno() + "]";
    }
}
