package io.selectors4j.os;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptor;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.EpollInstance;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// An epoll instance: a set of descriptors that the kernel watches. Python's `select.epoll`.
///
/// The rules are the kernel's. An entry belongs to a descriptor's number together with its open file description. The
/// kernel removes it when the last descriptor of that open file description is closed, not when the registered one is.
/// Registering a descriptor twice fails with EEXIST; modifying or unregistering an unknown one fails with ENOENT.
///
/// Any number of threads may use one object, and wait with it, at once. Closing it does not wake them; its descriptor
/// is closed when the last of them returns.
///
/// Source: epoll(7), epoll_create1(2), epoll_ctl(2), epoll_wait(2), Python's module `select`.
public final class Epoll implements Pollable, Closeable {

    // linux/eventpoll.h

    /// There is data to read.
    public static final int EPOLLIN = 0x001;

    /// There is urgent data to read.
    public static final int EPOLLPRI = 0x002;

    /// Writing will not block.
    public static final int EPOLLOUT = 0x004;

    /// There is an error, or the read end of a pipe is closed. Always reported.
    public static final int EPOLLERR = 0x008;

    /// The peer hung up. Always reported.
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

    /// The peer of a stream socket closed the connection, or shut down its writing half.
    public static final int EPOLLRDHUP = 0x2000;

    /// Wakes one or more, not all, of several epoll instances that watch the same open file. Since Linux 4.5; only with
    /// [#register], and only together with EPOLLIN, EPOLLOUT, EPOLLWAKEUP and EPOLLET.
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    /// Keeps the system from suspending while the event is pending. Needs CAP_BLOCK_SUSPEND; ignored without it.
    public static final int EPOLLWAKEUP = 1 << 29;

    /// Reports one event, and then disables the descriptor until [#modify].
    public static final int EPOLLONESHOT = 1 << 30;

    /// Reports changes instead of the state: edge-triggered.
    public static final int EPOLLET = 1 << 31;

    private static final int DEFAULT_EVENTS = EPOLLIN | EPOLLPRI | EPOLLOUT;

    /// The least number of events that a list has room for.
    private static final int MIN_CAPACITY = 1024;

    /// Keeps the number from a new owner while a thread uses it.
    private final Descriptor descriptor;

    private final EpollInstance instance;

    /// The numbers of the descriptors that were registered with this object and not unregistered. A closed descriptor
    /// stays in it until its number is registered again. Guarded by itself.
    ///
    /// The set has hardly ever more entries than this. All its events have to fit into the memory of one `epoll_wait`:
    /// a second call reports descriptors that are still ready again, and a caller's data does not tell them apart.
    private final BitSet registered = new BitSet();

    /// The least capacity, which grows when a wait fills its memory: the set then has entries that this object does not
    /// know, because [#fromFd] adopted it.
    private volatile int minCapacity = MIN_CAPACITY;

    /// The memory of the last wait for a list. Concurrent waits allocate their own.
    private final AtomicReference<@Nullable EpollEvents> spare = new AtomicReference<>();

    private Epoll(EpollInstance instance) {
        this.instance = instance;
        descriptor = new Descriptor(instance.fileno());
    }

    /// Creates an instance: `epoll_create1(EPOLL_CLOEXEC)`. A child process does not inherit it.
    ///
    /// @return a new instance
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if this is not Linux, or system calls cannot be made here; the message
    ///     says why
    public static Epoll create() throws IOException {
        requireEpoll();
        return new Epoll(EpollInstance.create());
    }

    /// Adopts an epoll descriptor: closing the object closes the descriptor. Python's `epoll.fromfd`. This method does
    /// not check that it is an epoll descriptor; if it is not, the methods that use it fail with EINVAL.
    ///
    /// @param fd the descriptor's number
    /// @return an object that owns it
    /// @throws IllegalArgumentException if the number is negative
    /// @throws UnsupportedOperationException if this is not Linux, or system calls cannot be made here; the message
    ///     says why
    public static Epoll fromFd(int fd) {
        if (fd < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fd);
        }
        requireEpoll();
        return new Epoll(new EpollInstance(fd));
    }

    private static void requireEpoll() {
        LinuxOnly.require("epoll", "Selector.open() uses the best interface of each system");
    }

    /// Returns the descriptor of the instance, which is readable while an event is pending.
    ///
    /// @return the descriptor's number, or -1 once this object is closed
    @Override
    public int fileno() {
        return descriptor.fileno();
    }

    /// Tells whether this object is closed.
    ///
    /// @return whether it is closed
    public boolean closed() {
        return descriptor.fileno() < 0;
    }

    /// Adds a descriptor to the set, for EPOLLIN, EPOLLPRI and EPOLLOUT. Its number becomes the user data of its
    /// events.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: see [#register(Pollable, int, long)]
    /// @throws ClosedChannelException if this object is closed
    public void register(Pollable fileobj) throws IOException {
        register(fileobj, DEFAULT_EVENTS);
    }

    /// Adds a descriptor to the set. Its number becomes the user data of its events.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask EPOLL* flags
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: see [#register(Pollable, int, long)]
    /// @throws ClosedChannelException if this object is closed
    public void register(Pollable fileobj, int eventmask) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        add(fd, eventmask, fd);
    }

    /// Adds a descriptor to the set: `epoll_ctl(EPOLL_CTL_ADD)`.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask EPOLL* flags
    /// @param data the user data of its events
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: EEXIST if the descriptor is in the set, EBADF if it is not
    ///     open, EPERM for a file that cannot be polled (a regular file, a directory, `/dev/null`), EINVAL for this
    ///     instance itself or a wrong flag, ELOOP for instances that watch each other, ENOSPC at the limit of
    ///     `/proc/sys/fs/epoll/max_user_watches`, ENOMEM
    /// @throws ClosedChannelException if this object is closed
    public void register(Pollable fileobj, int eventmask, long data) throws IOException {
        add(Descriptors.requireFd(fileobj), eventmask, data);
    }

    private void add(int fd, int eventmask, long data) throws IOException {
        synchronized (registered) {
            check("ADD", fd, control(() -> instance.add(fd, eventmask, data)));
            registered.set(fd);
        }
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
    /// @param data the new user data of its events
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: ENOENT if the descriptor is not in the set, EBADF if it is not
    ///     open, EINVAL for EPOLLEXCLUSIVE, which cannot be modified
    /// @throws ClosedChannelException if this object is closed
    public void modify(Pollable fileobj, int eventmask, long data) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        check("MOD", fd, control(() -> instance.modify(fd, eventmask, data)));
    }

    /// Removes a descriptor from the set: `epoll_ctl(EPOLL_CTL_DEL)`.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: ENOENT if the descriptor is not in the set, EBADF if it is not
    ///     open
    /// @throws ClosedChannelException if this object is closed
    public void unregister(Pollable fileobj) throws IOException {
        int fd = Descriptors.requireFd(fileobj);
        synchronized (registered) {
            check("DEL", fd, control(() -> instance.delete(fd)));
            registered.clear(fd);
        }
    }

    /// Waits until an event is pending, and returns all that are. See [#poll(Duration, int)]. Python's `poll` without
    /// `maxevents` returns at most FD_SETSIZE - 1 (1023) events.
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero for a poll that does not block
    /// @return the events; empty at the timeout
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not an epoll descriptor
    /// @throws ClosedChannelException if this object is closed
    public List<EpollEvent> poll(@Nullable Duration timeout) throws IOException {
        return poll(timeout, Integer.MAX_VALUE);
    }

    /// Waits until an event is pending, and returns all that are, up to a limit. A signal does not end the wait.
    ///
    /// Events beyond the limit are returned by the next call. So are events that do not fit into the memory. It has
    /// room for 1024 events, and for every descriptor that was registered with this object before the wait. After
    /// [#fromFd], the set may have more entries: the memory doubles each time a wait fills it.
    ///
    /// @param timeout the longest wait, to the nanosecond, never shorter, and rounded up to the millisecond on a kernel
    ///     before 5.11; null or negative for no limit; zero for a poll that does not block
    /// @param maxEvents the largest number of events to return, positive
    /// @return the events; empty at the timeout
    /// @throws IllegalArgumentException if `maxEvents` is not positive
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not an epoll descriptor
    /// @throws ClosedChannelException if this object is closed
    public List<EpollEvent> poll(@Nullable Duration timeout, int maxEvents) throws IOException {
        return poll(timeout, maxEvents, null);
    }

    /// Waits until an event is pending, with a signal mask: `epoll_pwait2()`. A signal that is not blocked ends the
    /// wait; otherwise as [#poll(Duration, int)].
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero for a poll that does not block
    /// @param maxEvents the largest number of events to return, positive
    /// @param mask the signals blocked during the wait; null to keep the thread's mask
    /// @return the events; empty at the timeout, or if there is a mask and a signal arrived
    /// @throws IllegalArgumentException if `maxEvents` is not positive
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not an epoll descriptor
    /// @throws ClosedChannelException if this object is closed
    public List<EpollEvent> poll(@Nullable Duration timeout, int maxEvents, @Nullable SignalMask mask)
            throws IOException {
        if (maxEvents <= 0) {
            throw new IllegalArgumentException("maxEvents is not positive: " + maxEvents);
        }
        EpollEvents ready = takeSpare(Math.min(maxEvents, capacity()));
        try {
            int max = Math.min(maxEvents, ready.capacity());
            int size = poll(timeout, ready, max, mask);
            if (size == max && max < maxEvents) {
                minCapacity = Math.min(2 * max, EpollEvents.MAX_CAPACITY);
            }
            List<EpollEvent> events = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                events.add(new EpollEvent(ready.data(i), ready.events(i)));
            }
            return List.copyOf(events);
        } finally {
            spare.set(ready);
        }
    }

    /// One more than the set is known to have: a wait then fills the memory only if there are others.
    private int capacity() {
        synchronized (registered) {
            return Math.max(minCapacity, registered.cardinality() + 1);
        }
    }

    private EpollEvents takeSpare(int capacity) {
        EpollEvents ready = spare.getAndSet(null);
        return ready != null && ready.capacity() >= capacity ? ready : EpollEvents.ofAnyCapacity(capacity);
    }

    /// Waits until an event is pending, without creating any object. A signal does not end the wait.
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero for a poll that does not block
    /// @param ready receives the events, as many as fit; the next call returns the others
    /// @return the number of events; 0 at the timeout
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not an epoll descriptor
    /// @throws ClosedChannelException if this object is closed
    public int poll(@Nullable Duration timeout, EpollEvents ready) throws IOException {
        return poll(timeout, ready, null);
    }

    /// Waits until an event is pending, with a signal mask and without creating any object.
    ///
    /// @param timeout the longest wait; null or negative for no limit; zero for a poll that does not block
    /// @param ready receives the events, as many as fit; the next call returns the others
    /// @param mask the signals blocked during the wait; null to keep the thread's mask
    /// @return the number of events; 0 at the timeout, or if there is a mask and a signal arrived
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the descriptor is not an epoll descriptor
    /// @throws ClosedChannelException if this object is closed
    public int poll(@Nullable Duration timeout, EpollEvents ready, @Nullable SignalMask mask) throws IOException {
        return poll(timeout, ready, ready.capacity(), mask);
    }

    private int poll(@Nullable Duration timeout, EpollEvents ready, int max, @Nullable SignalMask mask)
            throws IOException {
        long nanos = Deadline.nanos(timeout);
        ready.setSize(0);
        int epfd = descriptor.acquire();
        int size = -Errno.EBADF;
        if (epfd >= 0) {
            try {
                long longest = nanos < 0 ? Deadline.FOREVER : nanos;
                size = ready.memory().await(epfd, ready.array(), max, longest, mask == null ? null : mask.set());
            } finally {
                descriptor.release();
            }
        }
        if (size < 0) {
            requireOpen();
            throw new NativeIOException("epoll_wait(epfd=" + fileno() + ")", -size);
        }
        ready.setSize(size);
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
