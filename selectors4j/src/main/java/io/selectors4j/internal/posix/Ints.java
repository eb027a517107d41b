package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An array of C `int`: the two descriptors of `pipe2`, an option's value, a length that a call writes back.
public final class Ints implements Memory {

    private final MemorySegment segment;

    /// Allocates an array with the given values.
    ///
    /// @param values the values, at least one
    public Ints(int... values) {
        segment = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, values);
    }

    /// Reads one value.
    ///
    /// @param index which one
    /// @return the value
    public int get(int index) {
        return segment.getAtIndex(ValueLayout.JAVA_INT, index);
    }

    /// Writes one value.
    ///
    /// @param index which one
    /// @param value the value
    public void set(int index, int value) {
        segment.setAtIndex(ValueLayout.JAVA_INT, index, value);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
