package io.selectors4j.os;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.KqueueConstants;
import io.selectors4j.internal.sys.KqueueInstance;
import io.selectors4j.internal.sys.KqueueNames;
import io.selectors4j.internal.sys.KqueueWait;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A kqueue: a set of events that the kernel watches. Python's `select.kqueue`. macOS, FreeBSD, OpenBSD, NetBSD and
/// DragonFly BSD have it; Linux has it where libkqueue is installed.
///
/// The rules are the kernel's. `ident` and `filter` identify an event; adding it again changes it. The kernel removes
/// the events of a descriptor when the descriptor is closed.
///
/// Any number of threads may use one object, and wait with it, at once. Closing it does not wake them; its descriptor
/// is closed when the last of them returns.
///
/// **libkqueue** is a library on top of epoll, with limits that a kernel does not have. A change blocks while another
/// thread waits for events. A call returns at most 512 events. Adding an event that is in the set may fail. An event
/// has to be deleted before its descriptor is closed. The descriptor of the kqueue itself cannot be watched.
///
/// **Constants** have their C names and the numbers of the system that the program runs on. These differ between
/// systems, so none is a compile-time constant. Each says which systems have it. A constant that this system lacks has
/// a number that [Kevent] refuses: the [UnsupportedOperationException] names the constant and the systems that have it.
/// [#has] checks for a constant without an exception.
///
/// Source: kqueue(2), kevent(2), sys/event.h, Python's module `select`.
public final class Kqueue implements Pollable, Closeable {

    // filters

    /// There is data to read, a connection to accept, or end of file. `ident` is a descriptor; the event's `data` is
    /// the number of bytes or connections. Systems: all.
    public static final int EVFILT_READ = number("EVFILT_READ");

    /// Writing will not block, or the reader closed its end. `ident` is a descriptor; the event's `data` is the free
    /// space in bytes. Systems: all.
    public static final int EVFILT_WRITE = number("EVFILT_WRITE");

    /// There is an exceptional condition on a descriptor: out-of-band data, with [KqueueNotes#NOTE_OOB]. Systems:
    /// macOS, OpenBSD, DragonFly BSD.
    public static final int EVFILT_EXCEPT = number("EVFILT_EXCEPT");

    /// A request of aio_read(2) or aio_write(2) is complete. The request itself adds the event. Systems: all but
    /// libkqueue.
    public static final int EVFILT_AIO = number("EVFILT_AIO");

    /// A list of requests of lio_listio(2) is complete. The call itself adds the event. Systems: FreeBSD.
    public static final int EVFILT_LIO = number("EVFILT_LIO");

    /// A file changes in one of the ways in `fflags`. `ident` is a descriptor of it. Systems: all.
    public static final int EVFILT_VNODE = number("EVFILT_VNODE");

    /// A process performs one of the actions in `fflags`, such as [KqueueNotes#NOTE_EXIT]. `ident` is its process id.
    /// Systems: all.
    public static final int EVFILT_PROC = number("EVFILT_PROC");

    /// A process exits, with [KqueueNotes#NOTE_EXIT]. `ident` is its descriptor from pdfork(2). Systems: FreeBSD.
    public static final int EVFILT_PROCDESC = number("EVFILT_PROCDESC");

    /// A signal is delivered, even one that is ignored. `ident` is its number; the event's `data` is the number of
    /// deliveries. Systems: all.
    public static final int EVFILT_SIGNAL = number("EVFILT_SIGNAL");

    /// A timer expires; it is periodic without EV_ONESHOT. `ident` is any number; `data` is the period in milliseconds,
    /// or in the unit in `fflags`. Systems: all.
    public static final int EVFILT_TIMER = number("EVFILT_TIMER");

    /// The program triggers the event itself, with [KqueueNotes#NOTE_TRIGGER]. `ident` is any number. Systems: all.
    public static final int EVFILT_USER = number("EVFILT_USER");

    /// A file system is mounted or unmounted, or its server does not respond. `ident` is 0. Systems: all but OpenBSD
    /// and libkqueue.
    public static final int EVFILT_FS = number("EVFILT_FS");

    /// The link of a network interface goes up or down. Only old versions of FreeBSD had it. Systems: none.
    public static final int EVFILT_NETDEV = number("EVFILT_NETDEV");

    /// A device changes, with [KqueueNotes#NOTE_CHANGE]. `ident` is a descriptor of it. Systems: OpenBSD.
    public static final int EVFILT_DEVICE = number("EVFILT_DEVICE");

    /// A message is waiting at a Mach port or port set. `ident` is its name. Systems: macOS.
    public static final int EVFILT_MACHPORT = number("EVFILT_MACHPORT");

    /// Memory becomes scarce, with [KqueueNotes#NOTE_VM_PRESSURE]. Systems: macOS.
    public static final int EVFILT_VM = number("EVFILT_VM");

    /// A request of sendfile(2) is complete. For the system's own use. Systems: FreeBSD.
    public static final int EVFILT_SENDFILE = number("EVFILT_SENDFILE");

    /// The write buffer of a socket is empty. `ident` is a descriptor. Systems: FreeBSD, NetBSD.
    public static final int EVFILT_EMPTY = number("EVFILT_EMPTY");

    // actions

    /// Adds the event to the set, or changes it if it is in the set, and enables it. Systems: all.
    public static final int EV_ADD = number("EV_ADD");

    /// Removes the event; ENOENT if it is not in the set. Closing the descriptor removes it too. Systems: all.
    public static final int EV_DELETE = number("EV_DELETE");

    /// Enables the event. Systems: all.
    public static final int EV_ENABLE = number("EV_ENABLE");

    /// Disables the event: it stays in the set and is not reported. Systems: all.
    public static final int EV_DISABLE = number("EV_DISABLE");

    /// Reports the event once, immediately, whatever its state. For use with EV_ENABLE. Systems: FreeBSD.
    public static final int EV_FORCEONESHOT = number("EV_FORCEONESHOT");

    // flags

    /// Reports the event once, and then removes it. Systems: all.
    public static final int EV_ONESHOT = number("EV_ONESHOT");

    /// Clears the event's state when it is reported: edge-triggered. Systems: all.
    public static final int EV_CLEAR = number("EV_CLEAR");

    /// Returns a receipt for the change: an event with EV_ERROR and, in `data`, the errno or 0 for success. A call with
    /// receipts returns no pending events. It needs room for one receipt for each change. Systems: all.
    public static final int EV_RECEIPT = number("EV_RECEIPT");

    /// Disables the event after it is reported. Systems: all.
    public static final int EV_DISPATCH = number("EV_DISPATCH");

    /// EV_DISPATCH and EV_UDATA_SPECIFIC. Deleting a disabled event is deferred until it is enabled. Systems: macOS.
    public static final int EV_DISPATCH2 = number("EV_DISPATCH2");

    /// `udata` identifies the event too, beside `ident` and `filter`. Every change of the event needs the flag.
    /// Systems: macOS.
    public static final int EV_UDATA_SPECIFIC = number("EV_UDATA_SPECIFIC");

    /// With EV_DISPATCH2: also reports that the descriptor or port no longer exists, with this flag. Systems: macOS.
    public static final int EV_VANISHED = number("EV_VANISHED");

    /// Keeps the event's `udata`. Not for use with EV_ADD. FreeBSD before 14 ignores it. Systems: FreeBSD.
    public static final int EV_KEEPUDATA = number("EV_KEEPUDATA");

    /// The mask of the flags for the system's own use. Systems: all.
    public static final int EV_SYSFLAGS = number("EV_SYSFLAGS");

    /// For the system's own use. Systems: FreeBSD.
    public static final int EV_DROP = number("EV_DROP");

    /// Its meaning depends on the filter. Systems: macOS.
    public static final int EV_FLAG0 = number("EV_FLAG0");

    /// Its meaning depends on the filter. Systems: all.
    public static final int EV_FLAG1 = number("EV_FLAG1");

    /// Its meaning depends on the filter. Systems: FreeBSD.
    public static final int EV_FLAG2 = number("EV_FLAG2");

    /// Gives the descriptor the semantics of poll(2): a regular file is always ready. Systems: macOS.
    public static final int EV_POLL = number("EV_POLL");

    /// With EVFILT_READ: also reports out-of-band data, with this flag. Systems: macOS.
    public static final int EV_OOBAND = number("EV_OOBAND");

    /// With EV_EOF: no data is left. Systems: DragonFly BSD.
    public static final int EV_NODATA = number("EV_NODATA");

    /// With EV_EOF: both directions are closed. Systems: DragonFly BSD.
    public static final int EV_HUP = number("EV_HUP");

    // flags of returned events

    /// The peer closed its end; data sent before can still be read. `fflags` is the socket's error, if there is one.
    /// Systems: all.
    public static final int EV_EOF = number("EV_EOF");

    /// The event returns a change that failed or had EV_RECEIPT. `data` is the errno. Systems: all.
    public static final int EV_ERROR = number("EV_ERROR");

    /// The least number of events that a list has room for.
    private static final int MIN_CAPACITY = 1024;

    private final KqueueLibc libc;
    private final KqueueInstance instance;

    /// The number of changes made with this object. The set has hardly ever more events: a change adds one at most.
    ///
    /// All pending events have to fit into the memory of one `kevent`: a second call reports events that are still
    /// pending again.
    private final AtomicLong changeCount = new AtomicLong();

    /// The least capacity, which grows when a call fills its memory: the set then has events that this object did not
    /// add, because [#fromFd] adopted it or the kernel added them.
    private volatile int minCapacity = MIN_CAPACITY;

    /// The memory of the last call with lists. Concurrent calls allocate their own.
    private final AtomicReference<@Nullable Kevents> spareChanges = new AtomicReference<>();

    private final AtomicReference<@Nullable Kevents> spareEvents = new AtomicReference<>();

    private Kqueue(KqueueLibc libc, KqueueInstance instance) {
        this.libc = libc;
        this.instance = instance;
    }

    /// Creates a kqueue: `kqueue()`. A child process does not inherit it.
    ///
    /// @return a new object
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if this system has no kqueue, or system calls cannot be made here; the
    ///     message says why, and on Linux how to get libkqueue
    public static Kqueue create() throws IOException {
        return create(KqueueLibc.current());
    }

    /// Creates a kqueue with the given functions, which tests simulate.
    static Kqueue create(KqueueLibc libc) throws IOException {
        return new Kqueue(libc, KqueueInstance.create(libc));
    }

    /// Adopts a kqueue's descriptor: closing the object closes the descriptor. Python's `kqueue.fromfd`. This method
    /// does not check that it is a kqueue's descriptor; if it is not, the methods that use it fail with EBADF.
    ///
    /// @param fd the descriptor's number
    /// @return an object that owns it
    /// @throws IllegalArgumentException if the number is negative
    /// @throws UnsupportedOperationException if this system has no kqueue, or system calls cannot be made here; the
    ///     message says why, and on Linux how to get libkqueue
    public static Kqueue fromFd(int fd) {
        if (fd < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fd);
        }
        return fromFd(KqueueLibc.current(), fd);
    }

    /// Adopts a kqueue's descriptor with the given functions, which tests simulate.
    static Kqueue fromFd(KqueueLibc libc, int fd) {
        return new Kqueue(libc, new KqueueInstance(libc, fd));
    }

    /// Tells whether this system has a constant.
    ///
    /// @param name its C name, such as `EVFILT_USER` or `NOTE_OOB`
    /// @return whether this system has it
    /// @throws IllegalArgumentException if no constant of kqueue has that name
    public static boolean has(String name) {
        return KqueueConstants.CURRENT.has(name);
    }

    private static int number(String name) {
        return (int) KqueueConstants.CURRENT.value(name);
    }

    /// Returns the descriptor of the kqueue, which is readable while an event is pending.
    ///
    /// @return the descriptor's number, or -1 once this object is closed
    @Override
    public int fileno() {
        return instance.fileno();
    }

    /// Tells whether this object is closed.
    ///
    /// @return whether it is closed
    public boolean closed() {
        return instance.fileno() < 0;
    }

    /// Makes changes, and waits without a timeout until an event is pending. See [#control(Iterable, int, Duration)].
    ///
    /// @param changes the changes; null or empty for none
    /// @param maxEvents the largest number of events to return; with 0 this method makes the changes and does not wait
    /// @return the events
    /// @throws IllegalArgumentException if `maxEvents` is negative
    /// @throws NativeIOException if the kernel refuses a change, and there is no room to return it; or refuses to wait
    /// @throws ClosedChannelException if this object is closed
    public List<Kevent> control(@Nullable Iterable<Kevent> changes, int maxEvents) throws IOException {
        return control(changes, maxEvents, null);
    }

    /// Makes changes, in their order, waits until an event is pending, and returns all that are, up to a limit:
    /// `kevent()`. A signal does not end the wait.
    ///
    /// A change that the kernel refuses is returned as an event with [#EV_ERROR], and its errno in `data`. The other
    /// changes are made. The call then does not wait, and on most systems returns no other event. If there is no room
    /// left among the events, this method throws, and the changes after the refused one are not made.
    ///
    /// Events beyond the limit are returned by the next call. So are events that do not fit into the memory. It has
    /// room for 1024 events, and for as many as changes were made with this object, up to 1,048,576. The set may have
    /// more after [#fromFd]: the memory doubles each time a call fills it.
    ///
    /// @param changes the changes; null or empty for none
    /// @param maxEvents the largest number of events to return; with 0 this method makes the changes and does not wait,
    ///     whatever the timeout
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero for a poll that does
    ///     not block
    /// @return the events; empty at the timeout
    /// @throws IllegalArgumentException if `maxEvents` or the timeout is negative
    /// @throws NativeIOException if the kernel refuses a change, and there is no room to return it: ENOENT for a change
    ///     of an event that is not in the set, EBADF if the descriptor is not open, EINVAL for a filter that the kernel
    ///     does not know or that does not apply to the descriptor, ESRCH if there is no process with that id, ENOMEM;
    ///     or if it refuses to wait: EBADF if the descriptor is not a kqueue's
    /// @throws ClosedChannelException if this object is closed
    public List<Kevent> control(@Nullable Iterable<Kevent> changes, int maxEvents, @Nullable Duration timeout)
            throws IOException {
        if (maxEvents < 0) {
            throw new IllegalArgumentException("maxEvents is negative: " + maxEvents);
        }
        List<Kevent> list = new ArrayList<>();
        if (changes != null) {
            changes.forEach(change -> list.add(Objects.requireNonNull(change, "a change")));
        }
        Kevents input = list.isEmpty() ? null : takeSpare(spareChanges, list.size());
        Kevents output = maxEvents == 0 ? null : takeSpare(spareEvents, Math.min(maxEvents, capacity(list.size())));
        try {
            if (input != null) {
                input.clear();
                list.forEach(input::add);
            }
            int max = output == null ? 0 : Math.min(maxEvents, output.capacity());
            int size = control(input, output, max, timeout);
            if (size == max && max < maxEvents) {
                minCapacity = Math.min(2 * max, Kevents.MAX_CAPACITY);
            }
            List<Kevent> events = new ArrayList<>(size);
            for (int i = 0; output != null && i < size; i++) {
                events.add(output.get(i));
            }
            return List.copyOf(events);
        } finally {
            giveBack(spareChanges, input);
            giveBack(spareEvents, output);
        }
    }

    /// One more than the set is known to have: a call then fills the memory only if there are others. Each of the given
    /// changes may be returned.
    private int capacity(int changes) {
        long known = Math.max(minCapacity, changeCount.get() + changes + 1);
        return (int) Math.max(changes, Math.min(known, Kevents.MAX_CAPACITY));
    }

    private Kevents takeSpare(AtomicReference<@Nullable Kevents> spare, int capacity) {
        Kevents memory = spare.getAndSet(null);
        return memory != null && memory.capacity() >= capacity ? memory : new Kevents(libc.system(), capacity);
    }

    private static void giveBack(AtomicReference<@Nullable Kevents> spare, @Nullable Kevents memory) {
        if (memory != null) {
            spare.set(memory);
        }
    }

    /// Makes changes, and waits until an event is pending, without creating any object; otherwise as
    /// [#control(Iterable, int, Duration)].
    ///
    /// @param changes the changes, which this method does not modify; null for none
    /// @param events receives the events, as many as fit; null to make the changes and not wait. It may be the same
    ///     object as the changes
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero for a poll that does
    ///     not block
    /// @return the number of events; 0 at the timeout
    /// @throws IllegalArgumentException if the timeout is negative
    /// @throws NativeIOException if the kernel refuses a change, and there is no room to return it; or refuses to wait
    /// @throws ClosedChannelException if this object is closed
    public int control(@Nullable Kevents changes, @Nullable Kevents events, @Nullable Duration timeout)
            throws IOException {
        return control(changes, events, events == null ? 0 : events.capacity(), timeout);
    }

    private int control(@Nullable Kevents changes, @Nullable Kevents events, int max, @Nullable Duration timeout)
            throws IOException {
        long nanos = Deadline.nanos(timeout);
        if (nanos < 0) {
            throw new IllegalArgumentException("the timeout is negative: " + timeout);
        }
        int count = changes == null ? 0 : changes.size();
        changeCount.addAndGet(count);
        KqueueWait wait = events != null ? events.memory() : changes != null ? changes.memory() : new KqueueWait();
        int size = instance.await(
                wait,
                changes == null ? null : changes.array(),
                count,
                events == null ? null : events.array(),
                max,
                max == 0 ? 0 : nanos);
        if (events != null) {
            events.setSize(Math.max(size, 0));
        }
        if (size < 0) {
            if (closed()) {
                throw new ClosedChannelException();
            }
            throw new NativeIOException(call(changes, count), -size);
        }
        return size;
    }

    /// Describes the call for a message, and the change if there is only one.
    private String call(@Nullable Kevents changes, int count) {
        if (changes == null || count == 0) {
            return "kevent(kq=" + fileno() + ")";
        }
        if (count > 1) {
            return "kevent(" + count + " changes)";
        }
        KeventArray array = changes.array();
        return new KqueueNames(libc.system()).call(array.ident(0), array.filter(0), array.flags(0));
    }

    /// Closes the descriptor: now, or when the last thread that waits on it returns. Closing again does nothing.
    @Override
    public void close() {
        instance.close();
    }

    @Override
    public String toString() {
        return closed() ? "Kqueue[closed]" : "Kqueue[fd=" + fileno() + "]";
    }
}
