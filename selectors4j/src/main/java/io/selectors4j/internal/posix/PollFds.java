package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// A growing array of `struct pollfd`.
///
/// ```c
/// struct pollfd {
///     int   fd;       // 0
///     short events;   // 4
///     short revents;  // 6
/// };                  // 8 bytes
/// ```
///
/// On Windows it is `WSAPOLLFD`, where `fd` has 8 bytes and the flags have other numbers. These are converted: `events`
/// and `revents` are the flags of Linux.
public final class PollFds implements Memory {

    /// The struct of the Unixes, the same on every architecture.
    static final StructLayout POLLFD = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("fd"),
            ValueLayout.JAVA_SHORT.withName("events"),
            ValueLayout.JAVA_SHORT.withName("revents"));

    /// The struct of Windows (winsock2.h). A socket fits into the lower half of `fd`; the upper one stays 0.
    public static final StructLayout WSAPOLLFD = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("fd"),
            ValueLayout.JAVA_SHORT.withName("events"),
            ValueLayout.JAVA_SHORT.withName("revents"),
            MemoryLayout.paddingLayout(Integer.BYTES));

    /// The flags of Linux, without those that mean the same: POLLIN, POLLOUT, POLLPRI, POLLERR, POLLHUP, POLLNVAL,
    /// POLLRDBAND, POLLWRBAND.
    private static final int[] FLAGS = {0x1, 0x4, 0x2, 0x8, 0x10, 0x20, 0x80, 0x200};

    /// The same flags of Windows (winsock2.h), where POLLRDNORM stands for POLLIN.
    private static final int[] WINDOWS_FLAGS = {0x100, 0x10, 0x400, 0x1, 0x2, 0x4, 0x200, 0x20};

    /// The flags that Windows takes in `events`: POLLRDNORM, POLLRDBAND and POLLWRNORM. It refuses a call with others.
    private static final int REQUESTABLE = 0x310;

    private static final int POLLIN = 0x1;
    private static final int POLLHUP = 0x10;
    private static final int POLLRDNORM = 0x40;
    private static final int POLLWRNORM = 0x100;

    /// The struct of this system.
    public static final StructLayout LAYOUT = Platform.IS_WINDOWS ? WSAPOLLFD : POLLFD;

    private static final long FD = Layouts.offset(LAYOUT, "fd");
    private static final long EVENTS = Layouts.offset(LAYOUT, "events");
    private static final long REVENTS = Layouts.offset(LAYOUT, "revents");
    private static final long SIZE = LAYOUT.byteSize();
    private static final int UNSIGNED_SHORT = 0xFFFF;

    private MemorySegment segment = allocate(16);
    private int size;

    /// Returns the number of entries.
    public int size() {
        return size;
    }

    /// Appends an entry with POLL* flags in `events`, and returns its index.
    public int add(int fd, int events) {
        ensureCapacity(size + 1);
        segment.set(ValueLayout.JAVA_INT, size * SIZE + FD, fd);
        setEvents(size, events);
        return size++;
    }

    /// Sets the requested POLL* flags of an entry.
    public void setEvents(int index, int events) {
        int flags = Platform.IS_WINDOWS ? toWindows(events) & REQUESTABLE : events;
        segment.set(ValueLayout.JAVA_SHORT, index * SIZE + EVENTS, (short) flags);
    }

    /// Removes an entry. The last entry takes its index.
    public void remove(int index) {
        size--;
        MemorySegment.copy(segment, size * SIZE, segment, index * SIZE, SIZE);
    }

    /// Copies all entries of another array.
    public void copyFrom(PollFds other) {
        size = 0;
        ensureCapacity(other.size);
        MemorySegment.copy(other.segment, 0, segment, 0, other.size * SIZE);
        size = other.size;
    }

    /// Returns the descriptor of an entry.
    public int fd(int index) {
        return segment.get(ValueLayout.JAVA_INT, index * SIZE + FD);
    }

    /// Returns the POLL* flags of an entry that the last call returned, or 0.
    public int revents(int index) {
        int flags = segment.get(ValueLayout.JAVA_SHORT, index * SIZE + REVENTS) & UNSIGNED_SHORT;
        return Platform.IS_WINDOWS ? fromWindows(flags) : flags;
    }

    /// Returns whether an entry requests a POLL* flag.
    public boolean isRequested(int index, int flag) {
        int events = segment.get(ValueLayout.JAVA_SHORT, index * SIZE + EVENTS) & UNSIGNED_SHORT;
        return ((Platform.IS_WINDOWS ? fromWindows(events) : events) & flag) != 0;
    }

    /// Clears the returned flags of entries that have POLLHUP alone and do not request POLLIN. Returns whether there
    /// were any.
    public boolean ignoreHangups() {
        boolean any = false;
        for (int i = 0; i < size; i++) {
            if (revents(i) == POLLHUP && !isRequested(i, POLLIN)) {
                segment.set(ValueLayout.JAVA_SHORT, i * SIZE + REVENTS, (short) 0);
                any = true;
            }
        }
        return any;
    }

    /// Returns the number of entries with flags that the last call returned.
    public int countReturned() {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += revents(i) == 0 ? 0 : 1;
        }
        return count;
    }

    /// Converts flags to the numbers of Windows. POLLIN there includes POLLRDBAND, but urgent data is not readable on
    /// other systems: only POLLRDNORM is used.
    static int toWindows(int events) {
        int converted = (events & POLLRDNORM) == 0 ? 0 : WINDOWS_FLAGS[0];
        converted |= (events & POLLWRNORM) == 0 ? 0 : WINDOWS_FLAGS[1];
        for (int i = 0; i < FLAGS.length; i++) {
            converted |= (events & FLAGS[i]) == 0 ? 0 : WINDOWS_FLAGS[i];
        }
        return converted;
    }

    /// Converts flags that Windows has returned.
    static int fromWindows(int revents) {
        int converted = 0;
        for (int i = 0; i < FLAGS.length; i++) {
            converted |= (revents & WINDOWS_FLAGS[i]) == 0 ? 0 : FLAGS[i];
        }
        return converted;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    private void ensureCapacity(int needed) {
        long capacity = segment.byteSize() / SIZE;
        if (needed > capacity) {
            MemorySegment larger = allocate(Math.max(needed, 2 * capacity));
            MemorySegment.copy(segment, 0, larger, 0, size * SIZE);
            segment = larger;
        }
    }

    private static MemorySegment allocate(long entries) {
        return NativeMemory.allocate(MemoryLayout.sequenceLayout(entries, LAYOUT));
    }
}
