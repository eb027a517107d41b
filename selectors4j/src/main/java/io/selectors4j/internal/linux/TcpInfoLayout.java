package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The `struct tcp_info` of TCP_INFO, whose fields the kernel appends to in the course of time. Two bytes of bit fields
/// follow `tcpi_options`.
///
/// Source: linux/tcp.h, the same on every architecture.
public final class TcpInfoLayout {

    /// The fields.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_BYTE.withName("tcpi_state"),
            ValueLayout.JAVA_BYTE.withName("tcpi_ca_state"),
            ValueLayout.JAVA_BYTE.withName("tcpi_retransmits"),
            ValueLayout.JAVA_BYTE.withName("tcpi_probes"),
            ValueLayout.JAVA_BYTE.withName("tcpi_backoff"),
            ValueLayout.JAVA_BYTE.withName("tcpi_options"),
            MemoryLayout.paddingLayout(2),
            ValueLayout.JAVA_INT.withName("tcpi_rto"),
            ValueLayout.JAVA_INT.withName("tcpi_ato"),
            ValueLayout.JAVA_INT.withName("tcpi_snd_mss"),
            ValueLayout.JAVA_INT.withName("tcpi_rcv_mss"),
            ValueLayout.JAVA_INT.withName("tcpi_unacked"),
            ValueLayout.JAVA_INT.withName("tcpi_sacked"),
            ValueLayout.JAVA_INT.withName("tcpi_lost"),
            ValueLayout.JAVA_INT.withName("tcpi_retrans"),
            ValueLayout.JAVA_INT.withName("tcpi_fackets"),
            ValueLayout.JAVA_INT.withName("tcpi_last_data_sent"),
            ValueLayout.JAVA_INT.withName("tcpi_last_ack_sent"),
            ValueLayout.JAVA_INT.withName("tcpi_last_data_recv"),
            ValueLayout.JAVA_INT.withName("tcpi_last_ack_recv"),
            ValueLayout.JAVA_INT.withName("tcpi_pmtu"),
            ValueLayout.JAVA_INT.withName("tcpi_rcv_ssthresh"),
            ValueLayout.JAVA_INT.withName("tcpi_rtt"),
            ValueLayout.JAVA_INT.withName("tcpi_rttvar"),
            ValueLayout.JAVA_INT.withName("tcpi_snd_ssthresh"),
            ValueLayout.JAVA_INT.withName("tcpi_snd_cwnd"),
            ValueLayout.JAVA_INT.withName("tcpi_advmss"),
            ValueLayout.JAVA_INT.withName("tcpi_reordering"),
            ValueLayout.JAVA_INT.withName("tcpi_rcv_rtt"),
            ValueLayout.JAVA_INT.withName("tcpi_rcv_space"),
            ValueLayout.JAVA_INT.withName("tcpi_total_retrans"),
            ValueLayout.JAVA_LONG.withName("tcpi_pacing_rate"),
            ValueLayout.JAVA_LONG.withName("tcpi_max_pacing_rate"),
            ValueLayout.JAVA_LONG.withName("tcpi_bytes_acked"),
            ValueLayout.JAVA_LONG.withName("tcpi_bytes_received"),
            ValueLayout.JAVA_INT.withName("tcpi_segs_out"),
            ValueLayout.JAVA_INT.withName("tcpi_segs_in"),
            ValueLayout.JAVA_INT.withName("tcpi_notsent_bytes"),
            ValueLayout.JAVA_INT.withName("tcpi_min_rtt"),
            ValueLayout.JAVA_INT.withName("tcpi_data_segs_in"),
            ValueLayout.JAVA_INT.withName("tcpi_data_segs_out"),
            ValueLayout.JAVA_LONG.withName("tcpi_delivery_rate"),
            ValueLayout.JAVA_LONG.withName("tcpi_busy_time"),
            ValueLayout.JAVA_LONG.withName("tcpi_rwnd_limited"),
            ValueLayout.JAVA_LONG.withName("tcpi_sndbuf_limited"),
            ValueLayout.JAVA_INT.withName("tcpi_delivered"),
            ValueLayout.JAVA_INT.withName("tcpi_delivered_ce"),
            ValueLayout.JAVA_LONG.withName("tcpi_bytes_sent"),
            ValueLayout.JAVA_LONG.withName("tcpi_bytes_retrans"),
            ValueLayout.JAVA_INT.withName("tcpi_dsack_dups"),
            ValueLayout.JAVA_INT.withName("tcpi_reord_seen"),
            ValueLayout.JAVA_INT.withName("tcpi_rcv_ooopack"),
            ValueLayout.JAVA_INT.withName("tcpi_snd_wnd"));

    private TcpInfoLayout() {}

    /// Returns the offset of a field.
    public static int offset(String field) {
        return (int) Layouts.offset(LAYOUT, field);
    }
}
