package io.selectors4j.internal.ffi;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;

/// Offsets of struct fields. [MemoryLayout#byteOffset] returns the same, but initializes method handles, which costs as
/// much time as a short program runs.
public final class Layouts {

    private Layouts() {}

    /// Returns the offset of a field in bytes.
    ///
    /// @throws IllegalArgumentException if there is no such field
    public static long offset(GroupLayout struct, String field) {
        long offset = 0;
        for (MemoryLayout member : struct.memberLayouts()) {
            if (field.equals(member.name().orElse(""))) {
                return offset;
            }
            offset += member.byteSize();
        }
        throw new IllegalArgumentException("no field " + field + " in " + struct);
    }
}
