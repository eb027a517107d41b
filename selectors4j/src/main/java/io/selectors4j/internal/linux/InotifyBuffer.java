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

/// A buffer for the events of one read from an inotify descriptor. The events follow each other, each with its name;
/// this class identifies an event by its offset, 0 for the first.
///
/// ```c
/// struct inotify_event {   // linux/inotify.h
///     int      wd;         // 0
///     uint32_t mask;       // 4
///     uint32_t cookie;     // 8
///     uint32_t len;        // 12   length of name, with the zero bytes that terminate and pad it
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

    /// Size of an event with a name of NAME_MAX bytes (linux/limits.h). A read into a smaller buffer fails with EINVAL
    /// if the next event has that size. A read that leaves this much room has read all events.
    public static final int LARGEST = 16 + 255 + 1;

    private static final long MASK = Layouts.offset(LAYOUT, "mask");
    private static final long COOKIE = Layouts.offset(LAYOUT, "cookie");
    private static final long LEN = Layouts.offset(LAYOUT, "len");
    private static final int NAME = (int) LAYOUT.byteSize();

    private final MemorySegment segment;

    /// Allocates a buffer of a number of bytes, at least [#LARGEST].
    public InotifyBuffer(int capacity) {
        segment = NativeMemory.allocate(capacity, LAYOUT.byteAlignment());
    }

    /// Returns the size of the buffer in bytes.
    public int capacity() {
        return (int) segment.byteSize();
    }

    /// Reads events with `read`. Returns the number of bytes, or `-errno`.
    public long read(ErrnoCapture state, int fd) {
        return PosixLibc.read(state, fd, segment, segment.byteSize());
    }

    /// Returns whether the first `count` bytes are a sequence of complete events. The methods below rely on it, since
    /// an event contains its own length.
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

    /// Returns the watch descriptor of an event, or -1.
    public int wd(int event) {
        return segment.get(ValueLayout.JAVA_INT, event);
    }

    /// Returns the IN_* flags of an event.
    public int mask(int event) {
        return segment.get(ValueLayout.JAVA_INT, event + MASK);
    }

    /// Returns the cookie, which relates the two events of a rename, or 0.
    public int cookie(int event) {
        return segment.get(ValueLayout.JAVA_INT, event + COOKIE);
    }

    /// Returns the name of an event without the zero bytes; empty if the event is about the watched object itself.
    public byte[] name(int event) {
        int length = 0;
        int len = segment.get(ValueLayout.JAVA_INT, event + LEN);
        while (length < len && segment.get(ValueLayout.JAVA_BYTE, event + NAME + length) != 0) {
            length++;
        }
        return segment.asSlice(event + NAME, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Returns the offset of the next event.
    public int next(int event) {
        return event + NAME + segment.get(ValueLayout.JAVA_INT, event + LEN);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
