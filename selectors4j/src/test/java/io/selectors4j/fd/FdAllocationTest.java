package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The heap memory that reads and writes allocate.
class FdAllocationTest {

    @ParameterizedTest
    @EnumSource
    void readsAndWrites_allocateNothing(Allocation.Buffers buffers) throws Exception {
        assertThat(Allocation.run("transfers", buffers.name()).lines()).containsExactly("moved: 0 bytes in 5000 waits");
    }

    @ParameterizedTest
    @EnumSource
    void scatterAndGather_allocateNothing(Allocation.Buffers buffers) throws Exception {
        assertThat(Allocation.run("vectors", buffers.name()).lines()).containsExactly("moved: 0 bytes in 5000 waits");
    }

    @ParameterizedTest
    @EnumSource
    void messagesWithControlData_allocateNothing(Allocation.Buffers buffers) throws Exception {
        assertThat(Allocation.run("messages", buffers.name()).lines()).containsExactly("moved: 0 bytes in 5000 waits");
    }

    @Test
    void batchesOfDatagrams_allocateNothing() throws Exception {
        assertThat(Allocation.run("batches").lines()).containsExactly("moved: 0 bytes in 5000 waits");
    }

    @ParameterizedTest
    @EnumSource
    void positionsAndKernelTransfers_allocateNothing(Allocation.Buffers buffers) throws Exception {
        assertThat(Allocation.run("positions", buffers.name()).lines()).containsExactly("moved: 0 bytes in 5000 waits");
    }

    /// The addresses are new objects, but no native memory is allocated for them.
    @Test
    void datagrams_allocateTheirAddressesOnly() throws Exception {
        String output = Allocation.run("datagrams");
        assertThat(output).matches("(?s)moved: [0-9]+ bytes in 5000 waits\\s+");
        assertThat(Long.parseLong(output.replaceAll("moved: ([0-9]+) (?s:.*)", "$1")) / 5000)
                .isLessThan(400);
    }

    /// The compiler has profiled only the first kind; it compiles the later kinds as rare branches.
    @Test
    void changingKindOfBuffer_allocatesNothing() throws Exception {
        assertThat(Allocation.run("transfers", "DIRECT", "ARENA", "HEAP").lines())
                .containsExactly(
                        "moved: 0 bytes in 5000 waits", "moved: 0 bytes in 5000 waits", "moved: 0 bytes in 5000 waits");
    }
}
