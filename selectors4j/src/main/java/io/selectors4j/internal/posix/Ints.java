package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/// An array of C `int`: the two descriptors of `pipe2`, an option's value, a length that a call writes back.
public final class Ints implements Memory {

    private final MemorySegment segment;

    /// The same memory: to get at it this way starts no machinery of the JDK's.
    private final IntBuffer ints;

    /// Allocates an array with the given values.
    ///
    /// @param values the values, at least one
    public Ints(int... values) {
        segment = NativeMemory.allocate(
                values.length * ValueLayout.JAVA_INT.byteSize(), ValueLayout.JAVA_INT.byteAlignment());
        ints = segment.asByteBuffer().order(ByteOrder.nativeOrder()).asIntBuffer();
        ints.put(0, values);
    }

    /// Reads one value.
    ///
    /// @param index which one
    /// @return the value
    public int get(int index) {
        return ints.get(index);
    }

    /// Writes one value.
    ///
    /// @param index which one
    /// @param value the value
    public void set(int index, int value) {
        ints.put(index, value);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
