package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.posix.PosixLibc;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// Memory for the events of one read of an inotify descriptor. Each begins where the one before ends, its name included; it
/// is spoken of by its offset, 0 for the first one.
///
/// ```c
/// struct inotify_event {   // linux/inotify.h
///     int      wd;         // 0
///     uint32_t mask;       // 4
///     uint32_t cookie;     // 8
///     uint32_t len;        // 12   of the name, with the zero bytes that end it and fill it up
///     char     name[];     // 16
/// };                       // 16 bytes and the name
/// ```
public final class InotifyBuffer implements Memory {

    /// The struct without its name, the same on every architecture.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("wd"),
            ValueLayout.JAVA_INT.withName("mask"),
            ValueLayout.JAVA_INT.withName("cookie"),
            ValueLayout.JAVA_INT.withName("len"));

    /// Size of an event whose name has NAME_MAX bytes (linux/limits.h). A read into less fails with EINVAL if such an event
    /// is next; a read that leaves as much has found no more events.
    public static final int LARGEST = 16 + 255 + 1;

    private static final long MASK = Layouts.offset(LAYOUT, "mask");
    private static final long COOKIE = Layouts.offset(LAYOUT, "cookie");
    private static final long LEN = Layouts.offset(LAYOUT, "len");
    private static final int NAME = (int) LAYOUT.byteSize();

    private final MemorySegment segment;

    /// Allocates memory.
    ///
    /// @param capacity how many bytes, at least [#LARGEST]
    public InotifyBuffer(int capacity) {
        segment = NativeMemory.allocate(capacity, LAYOUT.byteAlignment());
    }

    /// How many bytes fit.
    ///
    /// @return the size of the memory
    public int capacity() {
        return (int) segment.byteSize();
    }

    /// Reads events: `read`.
    ///
    /// @param state where errno goes
    /// @param fd the inotify descriptor
    /// @return how many bytes of events there are, or `-errno`
    public long read(ErrnoCapture state, int fd) {
        return PosixLibc.read(state, fd, segment, segment.byteSize());
    }

    /// Whether what was read are events, one behind the other, none of which is torn. The methods below rely on it: how long an event
    /// is stands in itself.
    ///
    /// @param count how many bytes were read
    /// @return whether they are
    public boolean holdsEvents(int count) {
        int event = 0;
        while (event < count) {
            int room = count - event - NAME;
            if (room < 0) {
                return false;
            }
            int len = segment.get(ValueLayout.JAVA_INT, event + LEN);
            if (len < 0 || len > room || len % Integer.BYTES != 0) {
                return false;
            }
            event += NAME + len;
        }
        return true;
    }

    /// Which watch an event is of.
    ///
    /// @param event the event's offset
    /// @return the watch descriptor, or -1
    public int wd(int event) {
        return segment.get(ValueLayout.JAVA_INT, event);
    }

    /// What has happened.
    ///
    /// @param event the event's offset
    /// @return IN_* flags
    public int mask(int event) {
        return segment.get(ValueLayout.JAVA_INT, event + MASK);
    }

    /// What ties two events together.
    ///
    /// @param event the event's offset
    /// @return the cookie, or 0
    public int cookie(int event) {
        return segment.get(ValueLayout.JAVA_INT, event + COOKIE);
    }

    /// What it has happened to.
    ///
    /// @param event the event's offset
    /// @return the name, without the zero bytes; empty for the watched object itself
    public byte[] name(int event) {
        int length = 0;
        int len = segment.get(ValueLayout.JAVA_INT, event + LEN);
        while (length < len && segment.get(ValueLayout.JAVA_BYTE, event + NAME + length) != 0) {
            length++;
        }
        return segment.asSlice(event + NAME, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Where the next event begins.
    ///
    /// @param event an event's offset
    /// @return the offset of the one after it
    public int next(int event) {
        return event + NAME + segment.get(ValueLayout.JAVA_INT, event + LEN);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
