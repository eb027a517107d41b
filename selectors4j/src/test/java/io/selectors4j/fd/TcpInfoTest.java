package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TcpInfoTest {

    private static final int BYTES = 10_000;

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void connection_isDescribed() throws Exception {
        try (SocketFd server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = Objects.requireNonNull(server.accept())) {
            client.write(ByteBuffer.allocate(BYTES));
            ByteBuffer target = ByteBuffer.allocate(BYTES);
            while (target.hasRemaining()) {
                accepted.read(target);
            }
            accepted.write(ByteBuffer.allocate(1));
            client.read(ByteBuffer.allocate(1)); // and the acknowledgement of all bytes

            TcpInfo info = TcpInfo.of(client);
            assertThat(info.state()).isEqualTo(TcpInfo.State.ESTABLISHED);
            assertThat(info.rtt()).isBetween(Duration.ofNanos(1000), Duration.ofMinutes(1));
            assertThat(info.rttvar()).isPositive();
            assertThat(info.rto()).isPositive();
            assertThat(info.sndMss()).isBetween(500L, 65_535L);
            assertThat(info.sndCwnd()).isPositive();
            assertThat(info.pmtu()).isPositive();
            assertThat(info.retransmits()).isZero();
            assertThat(info.bytesAcked()).hasValue(BYTES + 1L); // and the connection request
            assertThat(info.bytesReceived()).hasValue(1);
            assertThat(info.bytesSent()).hasValue(BYTES);
            assertThat(info.segsOut().orElseThrow()).isBetween(2L, BYTES + 10L);
            assertThat(info.minRtt()).isPresent();
            assertThat(info.busyTime().orElseThrow()).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(info.lastDataSent()).isLessThan(Duration.ofMinutes(10));
            assertThat(info.toByteArray()).hasSizeGreaterThan(200);
            assertThat(info.toByteArray()[0]).isEqualTo((byte) 1);
            assertThat(info)
                    .hasToString("TcpInfo[state=ESTABLISHED, rtt=" + info.rtt() + ", sndCwnd=" + info.sndCwnd()
                            + ", totalRetrans=0]");
            assertThat(TcpInfo.of(accepted).bytesReceived()).hasValue(BYTES);
            assertThat(TcpInfo.of(server).state()).isEqualTo(TcpInfo.State.LISTEN);
            accepted.shutdownOutput();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(TcpInfo.of(client).state()).isEqualTo(TcpInfo.State.CLOSE_WAIT);
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void otherSocket_isRefused() throws Exception {
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
                SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            assertThat(TcpInfo.of(tcp).state()).isEqualTo(TcpInfo.State.CLOSE);
            assertThat(TcpInfo.of(tcp).rtt()).isZero();
            assertThatExceptionOfType(java.io.IOException.class)
                    .isThrownBy(() -> TcpInfo.of(udp))
                    .withMessageStartingWith("getsockopt(fd=" + udp.fileno() + ", 6, 11): E");
            tcp.close();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> TcpInfo.of(tcp));
        }
    }
}
