package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// An array of strings that ends with a null pointer: `char *const argv[]`.
public final class StringArray implements Memory {

    private final MemorySegment segment;

    /// The strings stay reachable as long as the array.
    private final List<CString> strings;

    /// Allocates an array, which keeps its strings reachable.
    public StringArray(List<CString> strings) {
        this.strings = List.copyOf(strings);
        segment = NativeMemory.allocate(
                (strings.size() + 1) * ValueLayout.ADDRESS.byteSize(), ValueLayout.ADDRESS.byteAlignment());
        for (int i = 0; i < strings.size(); i++) {
            segment.setAtIndex(ValueLayout.ADDRESS, i, strings.get(i).segment());
        }
    }

    /// Returns a string.
    public CString get(int index) {
        return strings.get(index);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
