package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/// Offsets of struct fields.
class LayoutsTest {

    private static final StructLayout STRUCT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("first"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.JAVA_LONG.withName("second"),
            ValueLayout.JAVA_SHORT.withName("third"));

    @Test
    void offsets_areThoseOfMemoryLayout() {
        for (String field : new String[] {"first", "second", "third"}) {
            assertThat(Layouts.offset(STRUCT, field)).isEqualTo(STRUCT.byteOffset(PathElement.groupElement(field)));
        }
        assertThat(Layouts.offset(STRUCT, "third")).isEqualTo(16);
    }

    @Test
    void missingField_isNamed() {
        assertThatThrownBy(() -> Layouts.offset(STRUCT, "fourth"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fourth");
    }
}
