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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// kqueue: a set of events that the kernel keeps. Python's `select.kqueue`. macOS, FreeBSD, OpenBSD, NetBSD and DragonFly BSD
/// have it; on Linux it is there where libkqueue is installed.
///
/// It is the kernel's set and the kernel's rules. An event is known by its `ident` and its `filter`; to add it again changes it.
/// What watches a descriptor disappears when the descriptor is closed.
///
/// Any number of threads may use one object, and wait with it, at once. Closing it does not wake them; its descriptor is
/// given back when the last of them returns.
///
/// **libkqueue** is a library on top of epoll, with limits that a kernel has not: a change waits for as long as another thread
/// waits for events; at most 512 events come at once; to add what is in may be answered with an error; an event has to be
/// deleted before its descriptor is closed; and the descriptor of the kqueue itself cannot be watched.
///
/// **Constants.** They are called as in C, and have the numbers of the system that the program runs on, which differ: none is
/// a constant for the compiler. Each says which systems have it. One that is missing here has a number that no [Kevent] takes:
/// an [UnsupportedOperationException] says which it is and who has it. [#has] asks before.
///
/// Source: kqueue(2), kevent(2), sys/event.h, Python's module `select`.
public final class Kqueue implements Pollable, Closeable {

    // filters

    /// There is something to read: data, a connection to accept, or the end. `ident` is a descriptor; the event's
    /// `data` say how much there is. Systems: all.
    public static final int EVFILT_READ = number("EVFILT_READ");

    /// There is room to write, or the reader is gone. `ident` is a descriptor; the event's `data` say how much room
    /// there is. Systems: all.
    public static final int EVFILT_WRITE = number("EVFILT_WRITE");

    /// Something else about a descriptor: out-of-band data, with [KqueueNotes#NOTE_OOB]. Systems: macOS, OpenBSD,
    /// DragonFly BSD.
    public static final int EVFILT_EXCEPT = number("EVFILT_EXCEPT");

    /// A request of aio_read(2) or aio_write(2) is done. It is asked for with the request. Systems: all but libkqueue.
    public static final int EVFILT_AIO = number("EVFILT_AIO");

    /// A list of requests of lio_listio(2) is done. It is asked for with the list. Systems: FreeBSD.
    public static final int EVFILT_LIO = number("EVFILT_LIO");

    /// A file changes, in the ways that `fflags` name. `ident` is a descriptor of it. Systems: all.
    public static final int EVFILT_VNODE = number("EVFILT_VNODE");

    /// A process does what `fflags` name, such as [KqueueNotes#NOTE_EXIT]. `ident` is its process id. Systems: all.
    public static final int EVFILT_PROC = number("EVFILT_PROC");

    /// A process ends, with [KqueueNotes#NOTE_EXIT]. `ident` is its descriptor, of pdfork(2). Systems: FreeBSD.
    public static final int EVFILT_PROCDESC = number("EVFILT_PROCDESC");

    /// A signal comes, even one that is ignored. `ident` is its number; the event's `data` say how often. Systems: all.
    public static final int EVFILT_SIGNAL = number("EVFILT_SIGNAL");

    /// A time is over, and over again without EV_ONESHOT. `ident` is any number; `data` is the time in milliseconds, or
    /// in what `fflags` name. Systems: all.
    public static final int EVFILT_TIMER = number("EVFILT_TIMER");

    /// The program itself triggers it, with [KqueueNotes#NOTE_TRIGGER]. `ident` is any number. Systems: all.
    public static final int EVFILT_USER = number("EVFILT_USER");

    /// A file system is mounted or unmounted, or a server of one does not answer. `ident` is 0. Systems: all but
    /// OpenBSD and libkqueue.
    public static final int EVFILT_FS = number("EVFILT_FS");

    /// The link of a network interface goes up or down. Old versions of FreeBSD had it. Systems: none.
    public static final int EVFILT_NETDEV = number("EVFILT_NETDEV");

    /// A device changes, with [KqueueNotes#NOTE_CHANGE]. `ident` is a descriptor of it. Systems: OpenBSD.
    public static final int EVFILT_DEVICE = number("EVFILT_DEVICE");

    /// A message waits at a Mach port or a set of them. `ident` is its name. Systems: macOS.
    public static final int EVFILT_MACHPORT = number("EVFILT_MACHPORT");

    /// Memory becomes scarce, with [KqueueNotes#NOTE_VM_PRESSURE]. Systems: macOS.
    public static final int EVFILT_VM = number("EVFILT_VM");

    /// A request of sendfile(2) is done. The system's own. Systems: FreeBSD.
    public static final int EVFILT_SENDFILE = number("EVFILT_SENDFILE");

    /// All that was written to a socket has been sent. `ident` is a descriptor. Systems: FreeBSD, NetBSD.
    public static final int EVFILT_EMPTY = number("EVFILT_EMPTY");

    // actions

    /// Put an event in, or change the one that is in; it is enabled then. Systems: all.
    public static final int EV_ADD = number("EV_ADD");

    /// Take it out. ENOENT if it is not in. Closing the descriptor does it too. Systems: all.
    public static final int EV_DELETE = number("EV_DELETE");

    /// Report it again. Systems: all.
    public static final int EV_ENABLE = number("EV_ENABLE");

    /// Keep it in, but do not report it. Systems: all.
    public static final int EV_DISABLE = number("EV_DISABLE");

    /// Report it once, now, whatever its state. It is a flag of EV_ENABLE. Systems: FreeBSD.
    public static final int EV_FORCEONESHOT = number("EV_FORCEONESHOT");

    // flags

    /// Report one event, and take it out. Systems: all.
    public static final int EV_ONESHOT = number("EV_ONESHOT");

    /// Report a change, not a state: its state is cleared when it is reported. Edge-triggered. Systems: all.
    public static final int EV_CLEAR = number("EV_CLEAR");

    /// Answer the change with an event that has EV_ERROR, and in `data` the errno, or 0 if all is well. Such a call
    /// takes no pending events. There has to be room for one answer to each change. Systems: all.
    public static final int EV_RECEIPT = number("EV_RECEIPT");

    /// Report one event, and disable it. Systems: all.
    public static final int EV_DISPATCH = number("EV_DISPATCH");

    /// EV_DISPATCH and EV_UDATA_SPECIFIC; a deletion of what is disabled waits until it is enabled. Systems: macOS.
    public static final int EV_DISPATCH2 = number("EV_DISPATCH2");

    /// `udata` tell events apart too, not only `ident` and `filter`. Every change of such an event has to have it.
    /// Systems: macOS.
    public static final int EV_UDATA_SPECIFIC = number("EV_UDATA_SPECIFIC");

    /// Asks, with EV_DISPATCH2, to be told that the descriptor or port is gone; and tells it. Systems: macOS.
    public static final int EV_VANISHED = number("EV_VANISHED");

    /// Leave `udata` as they are. Not with EV_ADD. From FreeBSD 14 on; an older one takes no notice. Systems: FreeBSD.
    public static final int EV_KEEPUDATA = number("EV_KEEPUDATA");

    /// The flags that are the system's. Systems: all.
    public static final int EV_SYSFLAGS = number("EV_SYSFLAGS");

    /// The system's own. Systems: FreeBSD.
    public static final int EV_DROP = number("EV_DROP");

    /// What it means is the filter's business. Systems: macOS.
    public static final int EV_FLAG0 = number("EV_FLAG0");

    /// What it means is the filter's business. Systems: all.
    public static final int EV_FLAG1 = number("EV_FLAG1");

    /// What it means is the filter's business. Systems: FreeBSD.
    public static final int EV_FLAG2 = number("EV_FLAG2");

    /// Says of a descriptor what poll(2) says: a regular file is always ready. Systems: macOS.
    public static final int EV_POLL = number("EV_POLL");

    /// Asks EVFILT_READ for out-of-band data as well; and tells that there are some. Systems: macOS.
    public static final int EV_OOBAND = number("EV_OOBAND");

    /// With EV_EOF: and there are no data left. Systems: DragonFly BSD.
    public static final int EV_NODATA = number("EV_NODATA");

    /// With EV_EOF: both directions are closed. Systems: DragonFly BSD.
    public static final int EV_HUP = number("EV_HUP");

    // what an event says

    /// The other end has closed. What it sent can still be read. `fflags` is the socket's error, if there is one.
    /// Systems: all.
    public static final int EV_EOF = number("EV_EOF");

    /// The change that comes back with it has failed, or had EV_RECEIPT. `data` is the errno. Systems: all.
    public static final int EV_ERROR = number("EV_ERROR");

    private static final int LARGEST_BUFFER = 4096;

    private final KqueueLibc libc;
    private final KqueueInstance instance;

    /// Memory for a thread that waits for a list; a second thread at the same time makes its own.
    private final AtomicReference<@Nullable Kevents> spareChanges = new AtomicReference<>();

    private final AtomicReference<@Nullable Kevents> spareEvents = new AtomicReference<>();

    private Kqueue(KqueueLibc libc, KqueueInstance instance) {
        this.libc = libc;
        this.instance = instance;
    }

    /// Creates a kqueue, which a child process does not inherit: `kqueue()`.
    ///
    /// @return a new object
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if this system has no kqueue, or system calls cannot be made here; the message
    ///     says why, and on Linux how to get libkqueue
    public static Kqueue create() throws IOException {
        return create(KqueueLibc.current());
    }

    /// The same with functions that may come from elsewhere.
    static Kqueue create(KqueueLibc libc) throws IOException {
        return new Kqueue(libc, KqueueInstance.create(libc));
    }

    /// Makes an object of a kqueue's descriptor that exists: Python's `kqueue.fromfd`. Closing the object closes the
    /// descriptor. Whether it is one of kqueue shows when it is used: EBADF if not.
    ///
    /// @param fd the descriptor
    /// @return an object that owns it
    /// @throws IllegalArgumentException if it is negative
    /// @throws UnsupportedOperationException if this system has no kqueue, or system calls cannot be made here; the message
    ///     says why, and on Linux how to get libkqueue
    public static Kqueue fromFd(int fd) {
        if (fd < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fd);
        }
        return fromFd(KqueueLibc.current(), fd);
    }

    /// The same with functions that may come from elsewhere.
    static Kqueue fromFd(KqueueLibc libc, int fd) {
        return new Kqueue(libc, new KqueueInstance(libc, fd));
    }

    /// Whether this system has a constant.
    ///
    /// @param name its C name, such as `EVFILT_USER` or `NOTE_OOB`
    /// @return whether it has it
    /// @throws IllegalArgumentException if no constant of kqueue has that name
    public static boolean has(String name) {
        return KqueueConstants.CURRENT.has(name);
    }

    private static int number(String name) {
        return (int) KqueueConstants.CURRENT.value(name);
    }

    /// The descriptor of the kqueue, which becomes readable when an event is pending.
    ///
    /// @return the descriptor's number, or -1 once it is closed
    @Override
    public int fileno() {
        return instance.fileno();
    }

    /// Whether this object was closed.
    ///
    /// @return whether it is closed
    public boolean closed() {
        return instance.fileno() < 0;
    }

    /// Makes changes, and waits until an event is pending, for as long as it takes. See
    /// [#control(Iterable, int, Duration)].
    ///
    /// @param changes the changes; null or empty for none
    /// @param maxEvents how many events to return at the most; with 0 this makes the changes only, and does not wait
    /// @return the events
    /// @throws IllegalArgumentException if `maxEvents` is negative
    /// @throws NativeIOException if the kernel refuses a change, and there is no room to return it; or refuses to wait
    /// @throws ClosedChannelException if this object is closed
    public List<Kevent> control(@Nullable Iterable<Kevent> changes, int maxEvents) throws IOException {
        return control(changes, maxEvents, null);
    }

    /// Makes changes, in their order, and then waits until an event is pending: `kevent()`. A signal does not end the wait.
    ///
    /// A change that the kernel refuses is returned as an event with [#EV_ERROR], and its errno in `data`; the others are made
    /// nevertheless. There is no wait then, and on most systems no other event. Where there is no room left among the events,
    /// this throws, and the changes after the refused one are not made.
    ///
    /// @param changes the changes; null or empty for none
    /// @param maxEvents how many events to return at the most; with 0 this makes the changes only, and does not wait,
    ///     whatever the timeout. More than 4096 are never returned at once, nor more than changes if there are more of them;
    ///     what does not fit is returned by the next call
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero to look without waiting
    /// @return the events; empty when the time is over
    /// @throws IllegalArgumentException if `maxEvents` or the timeout is negative
    /// @throws NativeIOException if the kernel refuses a change, and there is no room to return it: ENOENT for a change of an
    ///     event that is not in the set, EBADF if the descriptor is not open, EINVAL for a filter that the kernel does not
    ///     know or that does not do for the descriptor, ESRCH if there is no such process, ENOMEM; or if it refuses to wait:
    ///     EBADF if the descriptor is not one of kqueue
    /// @throws ClosedChannelException if this object is closed
    public List<Kevent> control(@Nullable Iterable<Kevent> changes, int maxEvents, @Nullable Duration timeout)
            throws IOException {
        if (maxEvents < 0) {
            throw new IllegalArgumentException("maxEvents is negative: " + maxEvents);
        }
        List<Kevent> news = new ArrayList<>();
        if (changes != null) {
            changes.forEach(change -> news.add(Objects.requireNonNull(change, "a change")));
        }
        Kevents given = news.isEmpty() ? null : take(spareChanges, news.size());
        Kevents found =
                maxEvents == 0 ? null : take(spareEvents, Math.min(maxEvents, Math.max(LARGEST_BUFFER, news.size())));
        try {
            if (given != null) {
                given.clear();
                news.forEach(given::add);
            }
            int size = control(given, found, found == null ? 0 : Math.min(maxEvents, found.capacity()), timeout);
            List<Kevent> events = new ArrayList<>(size);
            for (int i = 0; found != null && i < size; i++) {
                events.add(found.get(i));
            }
            return List.copyOf(events);
        } finally {
            giveBack(spareChanges, given);
            giveBack(spareEvents, found);
        }
    }

    private Kevents take(AtomicReference<@Nullable Kevents> spare, int capacity) {
        Kevents memory = spare.getAndSet(null);
        return memory != null && memory.capacity() >= capacity ? memory : new Kevents(libc.system(), capacity);
    }

    private static void giveBack(AtomicReference<@Nullable Kevents> spare, @Nullable Kevents memory) {
        if (memory != null && memory.capacity() <= LARGEST_BUFFER) {
            spare.set(memory);
        }
    }

    /// Makes changes, and waits until an event is pending, without creating any object; otherwise as
    /// [#control(Iterable, int, Duration)].
    ///
    /// @param changes the changes, which stay as they are; null for none
    /// @param events holds the events afterwards, as many as fit; null to make the changes only. It may be the same object as
    ///     the changes
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero to look without waiting
    /// @return how many events there are; 0 when the time is over
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

    /// What has failed, as far as that can be told.
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
