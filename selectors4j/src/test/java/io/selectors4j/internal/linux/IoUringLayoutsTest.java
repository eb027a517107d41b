package io.selectors4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/// Expected values are those of a C compiler, the same on every architecture.
class IoUringLayoutsTest {

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }

    @Test
    void submissionEntry() {
        assertThat(IoUringRings.SQE.byteSize()).isEqualTo(64);
        assertThat(IoUringRings.SQE.byteAlignment()).isEqualTo(8);
        assertThat(offset(IoUringRings.SQE, "flags")).isEqualTo(1);
        assertThat(offset(IoUringRings.SQE, "ioprio")).isEqualTo(2);
        assertThat(offset(IoUringRings.SQE, "fd")).isEqualTo(4);
        assertThat(offset(IoUringRings.SQE, "off")).isEqualTo(8);
        assertThat(offset(IoUringRings.SQE, "addr")).isEqualTo(16);
        assertThat(offset(IoUringRings.SQE, "len")).isEqualTo(24);
        assertThat(offset(IoUringRings.SQE, "rw_flags")).isEqualTo(28);
        assertThat(offset(IoUringRings.SQE, "user_data")).isEqualTo(32);
        assertThat(offset(IoUringRings.SQE, "buf_index")).isEqualTo(40);
        assertThat(offset(IoUringRings.SQE, "splice_fd_in")).isEqualTo(44);
        assertThat(offset(IoUringRings.SQE, "addr3")).isEqualTo(48);
    }

    @Test
    void completion() {
        assertThat(IoUringRings.CQE.byteSize()).isEqualTo(16);
        assertThat(offset(IoUringRings.CQE, "res")).isEqualTo(8);
        assertThat(offset(IoUringRings.CQE, "flags")).isEqualTo(12);
    }

    @Test
    void params() {
        assertThat(IoUringParams.LAYOUT.byteSize()).isEqualTo(120);
        assertThat(offset(IoUringParams.LAYOUT, "features")).isEqualTo(20);
        assertThat(offset(IoUringParams.LAYOUT, "sq_off")).isEqualTo(40);
        assertThat(offset(IoUringParams.LAYOUT, "cq_off")).isEqualTo(80);
        assertThat(offset(IoUringParams.SQ_OFFSETS, "array")).isEqualTo(24);
        assertThat(offset(IoUringParams.CQ_OFFSETS, "cqes")).isEqualTo(20);
        IoUringParams params = new IoUringParams(64, 8);
        assertThat(params.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(64);
        assertThat(params.segment().get(ValueLayout.JAVA_INT, 8)).isEqualTo(8);
        params.segment().set(ValueLayout.JAVA_INT, 40 + 24, 7);
        params.segment().set(ValueLayout.JAVA_INT, 80 + 20, 9);
        assertThat(params.sqOffset("array")).isEqualTo(7);
        assertThat(params.cqOffset("cqes")).isEqualTo(9);
    }

    @Test
    void waitArgument() {
        assertThat(IoUringWaitArgument.LAYOUT.byteSize()).isEqualTo(24);
        assertThat(offset(IoUringWaitArgument.LAYOUT, "ts")).isEqualTo(16);
    }

    @Test
    void providedBuffers() {
        assertThat(IoUringBufferRing.BUF.byteSize()).isEqualTo(16);
        assertThat(offset(IoUringBufferRing.BUF, "len")).isEqualTo(8);
        assertThat(offset(IoUringBufferRing.BUF, "bid")).isEqualTo(12);
        assertThat(offset(IoUringBufferRing.BUF, "resv")).isEqualTo(14);
        assertThat(IoUringBufferRing.BUF_REG.byteSize()).isEqualTo(40);
        assertThat(offset(IoUringBufferRing.BUF_REG, "ring_entries")).isEqualTo(8);
        assertThat(offset(IoUringBufferRing.BUF_REG, "bgid")).isEqualTo(12);
    }

    @Test
    void probe() {
        assertThat(IoUringProbe.LAYOUT.byteSize()).isEqualTo(16);
        assertThat(offset(IoUringProbe.LAYOUT, "ops_len")).isEqualTo(1);
    }
}
