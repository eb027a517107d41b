package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.TcpInfoLayout;
import io.selectors4j.internal.posix.Constants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// The state of a TCP connection as the kernel has it: a snapshot of TCP_INFO. Linux only.
///
/// Fields that the kernel has added since Linux 3.15 are empty if it is older. The methods have the names of the fields
/// in C. All counts are of the whole life of the connection.
///
/// Source: tcp(7), `struct tcp_info` in linux/tcp.h.
public final class TcpInfo {

    /// More than any kernel returns.
    private static final int MAX_LENGTH = 4096;

    private final ByteBuffer info;
    private final State state;

    /// The state of a connection: RFC 9293.
    public enum State {
        /// Connected.
        ESTABLISHED,
        /// Waits for the answer to its connection request.
        SYN_SENT,
        /// Has answered a connection request.
        SYN_RECV,
        /// Has ended its output, and waits for the acknowledgement.
        FIN_WAIT1,
        /// Has ended its output, and waits for the end of the peer's.
        FIN_WAIT2,
        /// Both directions have ended; late packets are still expected.
        TIME_WAIT,
        /// Not connected.
        CLOSE,
        /// The peer has ended its output.
        CLOSE_WAIT,
        /// Both directions have ended; waits for the last acknowledgement.
        LAST_ACK,
        /// Listens.
        LISTEN,
        /// Both directions have ended at the same time.
        CLOSING,
        /// Has answered a connection request: the kernel's representation of a waiting connection.
        NEW_SYN_RECV,
        /// A state that this library does not know.
        UNKNOWN
    }

    private TcpInfo(byte[] bytes) {
        info = ByteBuffer.wrap(bytes)
                .order(ByteOrder.nativeOrder())
                .asReadOnlyBuffer()
                .order(ByteOrder.nativeOrder());
        if (!has("tcpi_total_retrans")) { // since Linux 2.6
            throw new IllegalStateException("TCP_INFO has " + bytes.length + " bytes only");
        }
        int number = info.get(0);
        State[] all = State.values();
        state = number < 1 || number >= all.length ? State.UNKNOWN : all[number - 1];
    }

    /// Returns the state of a TCP socket.
    ///
    /// @param socket the socket
    /// @return a snapshot
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the socket is closed
    /// @throws NativeIOException if the system refuses: EOPNOTSUPP or ENOPROTOOPT if this is no TCP socket
    public static TcpInfo of(SocketFd socket) throws IOException {
        Objects.requireNonNull(socket, "socket");
        LinuxOnly.require("TCP_INFO");
        return new TcpInfo(socket.getOption(Constants.IPPROTO_TCP, LinuxConstants.TCP_INFO, MAX_LENGTH));
    }

    /// Returns the state.
    ///
    /// @return the state: `tcpi_state`
    public State state() {
        return state;
    }

    /// Returns the number of unanswered retransmissions of the oldest segment.
    ///
    /// @return the number: `tcpi_retransmits`
    public int retransmits() {
        return Byte.toUnsignedInt(info.get(TcpInfoLayout.offset("tcpi_retransmits")));
    }

    /// Returns the number of unanswered probes of the window or of keep-alive.
    ///
    /// @return the number: `tcpi_probes`
    public int probes() {
        return Byte.toUnsignedInt(info.get(TcpInfoLayout.offset("tcpi_probes")));
    }

    /// Returns how often the retransmission timeout was doubled.
    ///
    /// @return the number: `tcpi_backoff`
    public int backoff() {
        return Byte.toUnsignedInt(info.get(TcpInfoLayout.offset("tcpi_backoff")));
    }

    /// Returns the retransmission timeout.
    ///
    /// @return the time: `tcpi_rto`
    public Duration rto() {
        return micros("tcpi_rto");
    }

    /// Returns the timeout of a delayed acknowledgement.
    ///
    /// @return the time: `tcpi_ato`
    public Duration ato() {
        return micros("tcpi_ato");
    }

    /// Returns the largest segment that is sent, in bytes.
    ///
    /// @return the number: `tcpi_snd_mss`
    public long sndMss() {
        return number("tcpi_snd_mss");
    }

    /// Returns the largest segment that was received, in bytes: an estimate.
    ///
    /// @return the number: `tcpi_rcv_mss`
    public long rcvMss() {
        return number("tcpi_rcv_mss");
    }

    /// Returns the number of segments in flight; of a listening socket, the number of connections to accept.
    ///
    /// @return the number: `tcpi_unacked`
    public long unacked() {
        return number("tcpi_unacked");
    }

    /// Returns the number of segments that were acknowledged selectively; of a listening socket, the backlog.
    ///
    /// @return the number: `tcpi_sacked`
    public long sacked() {
        return number("tcpi_sacked");
    }

    /// Returns the number of segments that count as lost.
    ///
    /// @return the number: `tcpi_lost`
    public long lost() {
        return number("tcpi_lost");
    }

    /// Returns the number of retransmitted segments in flight.
    ///
    /// @return the number: `tcpi_retrans`
    public long retrans() {
        return number("tcpi_retrans");
    }

    /// Returns the time since data were sent.
    ///
    /// @return the time: `tcpi_last_data_sent`
    public Duration lastDataSent() {
        return Duration.ofMillis(number("tcpi_last_data_sent"));
    }

    /// Returns the time since data were received.
    ///
    /// @return the time: `tcpi_last_data_recv`
    public Duration lastDataRecv() {
        return Duration.ofMillis(number("tcpi_last_data_recv"));
    }

    /// Returns the time since an acknowledgement was received.
    ///
    /// @return the time: `tcpi_last_ack_recv`
    public Duration lastAckRecv() {
        return Duration.ofMillis(number("tcpi_last_ack_recv"));
    }

    /// Returns the largest packet of the path, in bytes.
    ///
    /// @return the number: `tcpi_pmtu`
    public long pmtu() {
        return number("tcpi_pmtu");
    }

    /// Returns the limit of the receive window, in bytes.
    ///
    /// @return the number: `tcpi_rcv_ssthresh`
    public long rcvSsthresh() {
        return number("tcpi_rcv_ssthresh");
    }

    /// Returns the smoothed round-trip time; zero before the first measurement.
    ///
    /// @return the time: `tcpi_rtt`
    public Duration rtt() {
        return micros("tcpi_rtt");
    }

    /// Returns the mean deviation of the round-trip time.
    ///
    /// @return the time: `tcpi_rttvar`
    public Duration rttvar() {
        return micros("tcpi_rttvar");
    }

    /// Returns the threshold of slow start, in segments.
    ///
    /// @return the number: `tcpi_snd_ssthresh`
    public long sndSsthresh() {
        return number("tcpi_snd_ssthresh");
    }

    /// Returns the congestion window, in segments.
    ///
    /// @return the number: `tcpi_snd_cwnd`
    public long sndCwnd() {
        return number("tcpi_snd_cwnd");
    }

    /// Returns the largest segment that was announced to the peer, in bytes.
    ///
    /// @return the number: `tcpi_advmss`
    public long advmss() {
        return number("tcpi_advmss");
    }

    /// Returns the reordering of segments that is tolerated.
    ///
    /// @return the number: `tcpi_reordering`
    public long reordering() {
        return number("tcpi_reordering");
    }

    /// Returns the round-trip time that the receiver estimates; zero if it has no estimate.
    ///
    /// @return the time: `tcpi_rcv_rtt`
    public Duration rcvRtt() {
        return micros("tcpi_rcv_rtt");
    }

    /// Returns the receive buffer that the kernel aims at, in bytes.
    ///
    /// @return the number: `tcpi_rcv_space`
    public long rcvSpace() {
        return number("tcpi_rcv_space");
    }

    /// Returns the number of all retransmitted segments.
    ///
    /// @return the number: `tcpi_total_retrans`
    public long totalRetrans() {
        return number("tcpi_total_retrans");
    }

    /// Returns the rate of sending that the kernel aims at, in bytes per second; `Long.MAX_VALUE` for no limit.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_pacing_rate`
    public OptionalLong pacingRate() {
        return has("tcpi_pacing_rate") ? OptionalLong.of(large("tcpi_pacing_rate")) : OptionalLong.empty();
    }

    /// Returns the limit of the pacing rate, in bytes per second; `Long.MAX_VALUE` for no limit.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_max_pacing_rate`
    public OptionalLong maxPacingRate() {
        return has("tcpi_max_pacing_rate") ? OptionalLong.of(large("tcpi_max_pacing_rate")) : OptionalLong.empty();
    }

    /// Returns the number of sent bytes that the peer has acknowledged.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_bytes_acked`
    public OptionalLong bytesAcked() {
        return has("tcpi_bytes_acked") ? OptionalLong.of(large("tcpi_bytes_acked")) : OptionalLong.empty();
    }

    /// Returns the number of bytes that were received and acknowledged.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_bytes_received`
    public OptionalLong bytesReceived() {
        return has("tcpi_bytes_received") ? OptionalLong.of(large("tcpi_bytes_received")) : OptionalLong.empty();
    }

    /// Returns the number of sent segments.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_segs_out`
    public OptionalLong segsOut() {
        return has("tcpi_segs_out") ? OptionalLong.of(number("tcpi_segs_out")) : OptionalLong.empty();
    }

    /// Returns the number of received segments.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_segs_in`
    public OptionalLong segsIn() {
        return has("tcpi_segs_in") ? OptionalLong.of(number("tcpi_segs_in")) : OptionalLong.empty();
    }

    /// Returns the number of bytes in the send buffer that were not sent yet.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_notsent_bytes`
    public OptionalLong notsentBytes() {
        return has("tcpi_notsent_bytes") ? OptionalLong.of(number("tcpi_notsent_bytes")) : OptionalLong.empty();
    }

    /// Returns the shortest round-trip time of late; about 71 minutes (all bits set) before the first measurement.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_min_rtt`
    public Optional<Duration> minRtt() {
        return has("tcpi_min_rtt") ? Optional.of(micros("tcpi_min_rtt")) : Optional.empty();
    }

    /// Returns the number of received segments with data.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_data_segs_in`
    public OptionalLong dataSegsIn() {
        return has("tcpi_data_segs_in") ? OptionalLong.of(number("tcpi_data_segs_in")) : OptionalLong.empty();
    }

    /// Returns the number of sent segments with data.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_data_segs_out`
    public OptionalLong dataSegsOut() {
        return has("tcpi_data_segs_out") ? OptionalLong.of(number("tcpi_data_segs_out")) : OptionalLong.empty();
    }

    /// Returns the latest rate at which the peer acknowledged data, in bytes per second.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_delivery_rate`
    public OptionalLong deliveryRate() {
        return has("tcpi_delivery_rate") ? OptionalLong.of(large("tcpi_delivery_rate")) : OptionalLong.empty();
    }

    /// Returns how long the connection had data to send or to be acknowledged.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_busy_time`
    public Optional<Duration> busyTime() {
        return has("tcpi_busy_time") ? Optional.of(largeMicros("tcpi_busy_time")) : Optional.empty();
    }

    /// Returns how long the window of the peer limited the sending.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_rwnd_limited`
    public Optional<Duration> rwndLimited() {
        return has("tcpi_rwnd_limited") ? Optional.of(largeMicros("tcpi_rwnd_limited")) : Optional.empty();
    }

    /// Returns how long the send buffer limited the sending.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_sndbuf_limited`
    public Optional<Duration> sndbufLimited() {
        return has("tcpi_sndbuf_limited") ? Optional.of(largeMicros("tcpi_sndbuf_limited")) : Optional.empty();
    }

    /// Returns the number of delivered segments with data, retransmitted ones included.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_delivered`
    public OptionalLong delivered() {
        return has("tcpi_delivered") ? OptionalLong.of(number("tcpi_delivered")) : OptionalLong.empty();
    }

    /// Returns the number of delivered segments with a mark of congestion.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_delivered_ce`
    public OptionalLong deliveredCe() {
        return has("tcpi_delivered_ce") ? OptionalLong.of(number("tcpi_delivered_ce")) : OptionalLong.empty();
    }

    /// Returns the number of sent bytes, retransmitted ones included.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_bytes_sent`
    public OptionalLong bytesSent() {
        return has("tcpi_bytes_sent") ? OptionalLong.of(large("tcpi_bytes_sent")) : OptionalLong.empty();
    }

    /// Returns the number of retransmitted bytes.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_bytes_retrans`
    public OptionalLong bytesRetrans() {
        return has("tcpi_bytes_retrans") ? OptionalLong.of(large("tcpi_bytes_retrans")) : OptionalLong.empty();
    }

    /// Returns the number of segments that the peer reported as duplicates.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_dsack_dups`
    public OptionalLong dsackDups() {
        return has("tcpi_dsack_dups") ? OptionalLong.of(number("tcpi_dsack_dups")) : OptionalLong.empty();
    }

    /// Returns how often segments arrived out of order at the peer.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_reord_seen`
    public OptionalLong reordSeen() {
        return has("tcpi_reord_seen") ? OptionalLong.of(number("tcpi_reord_seen")) : OptionalLong.empty();
    }

    /// Returns the number of segments that arrived out of order.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_rcv_ooopack`
    public OptionalLong rcvOoopack() {
        return has("tcpi_rcv_ooopack") ? OptionalLong.of(number("tcpi_rcv_ooopack")) : OptionalLong.empty();
    }

    /// Returns the window of the peer, in bytes.
    ///
    /// @return empty if the kernel does not have this field: `tcpi_snd_wnd`
    public OptionalLong sndWnd() {
        return has("tcpi_snd_wnd") ? OptionalLong.of(number("tcpi_snd_wnd")) : OptionalLong.empty();
    }

    /// Returns all bytes of the struct that the kernel has returned, for fields without a method.
    ///
    /// @return a new array
    public byte[] toByteArray() {
        byte[] bytes = new byte[info.capacity()];
        info.get(0, bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "TcpInfo[state=" + state + ", rtt=" + rtt() + ", sndCwnd=" + sndCwnd() + ", totalRetrans="
                + totalRetrans() + "]";
    }

    /// Returns whether the kernel has returned a field of 32 bits, or the beginning of one of 64 bits. It returns whole
    /// fields.
    private boolean has(String field) {
        return TcpInfoLayout.offset(field) + Integer.BYTES <= info.capacity();
    }

    private long number(String field) {
        return Integer.toUnsignedLong(info.getInt(TcpInfoLayout.offset(field)));
    }

    /// Returns a number of 64 bits; the largest `long` in place of a larger number.
    private long large(String field) {
        long number = info.getLong(TcpInfoLayout.offset(field));
        return number < 0 ? Long.MAX_VALUE : number;
    }

    private Duration micros(String field) {
        return ofMicros(number(field));
    }

    private Duration largeMicros(String field) {
        return ofMicros(large(field));
    }

    private static Duration ofMicros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
