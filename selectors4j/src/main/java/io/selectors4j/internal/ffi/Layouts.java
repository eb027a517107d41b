package io.selectors4j.internal.ffi;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;

/// Where the fields of a struct are. [MemoryLayout#byteOffset] says the same, but starts the machinery of method handles for it,
/// which takes as long as many a program runs.
public final class Layouts {

    private Layouts() {}

    /// The offset of a field.
    ///
    /// @param struct the struct
    /// @param field the field's name
    /// @return its offset in bytes
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
