package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/// An array of C `int`: the two descriptors of `pipe2`, the value of a socket option, or a length that a call writes
/// back.
public final class Ints implements Memory {

    private static final ThreadLocal<Ints> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected Ints initialValue() {
            return new Ints(0);
        }
    };

    private final MemorySegment segment;

    /// A view of the same memory. Unlike a segment, it needs no var handles, which cost start-up time.
    private final IntBuffer ints;

    /// Allocates an array with the given values, at least one.
    public Ints(int... values) {
        segment = NativeMemory.allocate(
                values.length * ValueLayout.JAVA_INT.byteSize(), ValueLayout.JAVA_INT.byteAlignment());
        ints = segment.asByteBuffer().order(ByteOrder.nativeOrder()).asIntBuffer();
        ints.put(0, values);
    }

    /// Returns the current thread's own array of one `int`, with a value. It is valid until the thread calls this
    /// method again.
    public static Ints current(int value) {
        Ints ints = OF_THREAD.get();
        ints.set(0, value);
        return ints;
    }

    /// Allocates one `int` whose first byte has a value, for an option of one byte.
    ///
    /// @param value the value, 0 to 255
    public static Ints ofByte(int value) {
        Ints ints = new Ints(0);
        ints.segment.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
        return ints;
    }

    /// Returns the first byte, 0 to 255.
    public int getByte() {
        return Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, 0));
    }

    /// Returns an element.
    public int get(int index) {
        return ints.get(index);
    }

    /// Sets an element.
    public void set(int index, int value) {
        ints.put(index, value);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
