package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What reads and writes take of the heap.
class FdAllocationTest {

    @ParameterizedTest
    @EnumSource
    void readsAndWritesAllocateNothing(Allocation.Buffers buffers) throws Exception {
        assertThat(Allocation.run("transfers", buffers.name()).lines()).containsExactly("moved: 0 bytes in 5000 waits");
    }

    /// The compiler knows of those that come later only that they are rare.
    @Test
    void readsAndWritesWithOneKindOfBuffersAfterTheOtherAllocateNothing() throws Exception {
        assertThat(Allocation.run("transfers", "DIRECT", "ARENA", "HEAP").lines())
                .containsExactly(
                        "moved: 0 bytes in 5000 waits", "moved: 0 bytes in 5000 waits", "moved: 0 bytes in 5000 waits");
    }
}
