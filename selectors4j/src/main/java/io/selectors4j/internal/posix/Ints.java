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
