package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Socket options as bytes. The numbers are those of Linux.
class SocketOptionBytesTest {

    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_LINGER = 13;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_COOKIE = 57;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final byte MARGIN = 0x5A;

    private SocketFd tcp;

    @BeforeEach
    void open() throws Exception {
        tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
    }

    @AfterEach
    void close() throws Exception {
        tcp.close();
    }

    private static ByteBuffer ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.flip();
    }

    @Test
    void struct_isSetAndReturnedWhole() throws Exception {
        tcp.setOption(SOL_SOCKET, SO_LINGER, ints(1, 7).array());
        assertThat(tcp.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
        assertThat(tcp.getOption(SOL_SOCKET, SO_LINGER, 8)).isEqualTo(ints(1, 7).array());
        assertThat(tcp.getOption(SOL_SOCKET, SO_LINGER, 1_000_000)).hasSize(8);
    }

    @Test
    void longerValue_isNeverCut() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_LINGER, 7))
                .withMessage("the socket option 1, 13 of fd " + tcp.fileno() + " has more than 7 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_KEEPALIVE, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(IPPROTO_TCP, TCP_INFO, 100));
        assertThat(tcp.getOption(IPPROTO_TCP, TCP_INFO, 1_000)).hasSizeGreaterThan(100);
        ByteBuffer small = ints(1);
        assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_LINGER, small));
        assertThat(small).isEqualTo(ints(1));
    }

    /// The kernel refuses to return a part of a cookie.
    @Test
    void exactLength_isAccepted() throws Exception {
        assertThat(tcp.getOption(SOL_SOCKET, SO_COOKIE, 8)).hasSize(8);
        SocketFdTest.assertErrno("EINVAL", () -> tcp.getOption(SOL_SOCKET, SO_COOKIE, 4));
    }

    @Test
    void buffers_transferTheirRemainingBytes() throws Exception {
        for (ByteBuffer buffer : List.of(
                ByteBuffer.allocate(20),
                ByteBuffer.allocateDirect(20),
                Arena.ofAuto().allocate(20).asByteBuffer())) {
            buffer.order(ByteOrder.nativeOrder()).putInt(4, 1).putInt(8, 9);
            tcp.setOption(SOL_SOCKET, SO_LINGER, buffer.position(4).limit(12));
            assertThat(buffer.position()).isEqualTo(12);
            assertThat(tcp.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(9);
            buffer.clear();
            while (buffer.hasRemaining()) {
                buffer.put(MARGIN);
            }
            assertThat(tcp.getOption(SOL_SOCKET, SO_LINGER, buffer.position(3).limit(19)))
                    .isEqualTo(8);
            assertThat(buffer.position()).isEqualTo(11);
            assertThat(buffer.getInt(3)).isEqualTo(1);
            assertThat(buffer.getInt(7)).isEqualTo(9);
            assertThat(buffer.clear().get(2)).isEqualTo(MARGIN);
            assertThat(buffer.get(11)).isEqualTo(MARGIN);
            tcp.setOption(SOL_SOCKET, SO_LINGER, ints(0, 0));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> tcp.getOption(SOL_SOCKET, SO_LINGER, ints(0, 0).asReadOnlyBuffer()));
        tcp.setOption(SOL_SOCKET, SO_LINGER, ints(1, 2).asReadOnlyBuffer());
        assertThat(tcp.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(2);
    }

    @Test
    void emptyValue_isPassed() throws Exception {
        tcp.setOption(SOL_SOCKET, SO_BINDTODEVICE, new byte[0]);
        assertThat(tcp.getOption(SOL_SOCKET, SO_BINDTODEVICE, 16)).isEmpty();
        assertThat(tcp.getOption(SOL_SOCKET, SO_BINDTODEVICE, 0)).isEmpty();
        SocketFdTest.assertErrno("EINVAL", () -> tcp.setOption(SOL_SOCKET, SO_KEEPALIVE, new byte[3]));
    }

    /// The kernel counts the instructions of a filter, and writes eight bytes for each.
    @Test
    void filter_fitsIntoItsMemory() throws Exception {
        ByteBuffer all = ByteBuffer.allocateDirect(4 * 8).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 4; i++) {
            all.putShort((short) 0x06).putShort((short) 0).putInt(i + 1); // BPF_RET | BPF_K
        }
        long address = java.lang.foreign.MemorySegment.ofBuffer(all.flip()).address();
        ByteBuffer program = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        program.putShort((short) 4).putShort((short) 0).putInt(0).putLong(address);
        tcp.setOption(SOL_SOCKET, SO_ATTACH_FILTER, program.flip());
        byte[] filter = tcp.getOption(SOL_SOCKET, SO_ATTACH_FILTER, 100);
        assertThat(ByteBuffer.wrap(filter)).isEqualTo(all);
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_ATTACH_FILTER, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_ATTACH_FILTER));
        assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_ATTACH_FILTER, 0));
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void wrongCall_isRefused() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_LINGER, -1))
                .withMessage("the length of a socket option is 0 to 67108864, not -1");
        assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_LINGER, Integer.MAX_VALUE));
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> tcp.setOption(SOL_SOCKET, 9_999, new byte[4]))
                .withMessageStartingWith("setsockopt(fd=" + tcp.fileno() + ", 1, 9999, 4 bytes): ENOPROTOOPT");
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> tcp.getOption(SOL_SOCKET, 9_999, 4))
                .withMessageStartingWith("getsockopt(fd=" + tcp.fileno() + ", 1, 9999): ENOPROTOOPT");
        tcp.close();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> tcp.getOption(SOL_SOCKET, SO_LINGER, 8));
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> tcp.setOption(SOL_SOCKET, SO_LINGER, new byte[8]));
    }
}
