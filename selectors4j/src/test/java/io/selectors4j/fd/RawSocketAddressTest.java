package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The address as a value. [RawSocketTest] tests sockets with raw addresses.
class RawSocketAddressTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void constants_matchHeaders() {
        assertThat(List.of(
                        SocketFd.AF_UNIX,
                        SocketFd.AF_INET,
                        SocketFd.AF_INET6,
                        SocketFd.AF_NETLINK,
                        SocketFd.AF_PACKET,
                        SocketFd.AF_VSOCK))
                .containsExactly(1, 2, 10, 16, 17, 40);
        assertThat(RawSocketAddress.VMADDR_CID_ANY).isEqualTo(0xFFFF_FFFF);
        assertThat(RawSocketAddress.VMADDR_PORT_ANY).isEqualTo(0xFFFF_FFFF);
        assertThat(RawSocketAddress.VMADDR_CID_LOCAL).isEqualTo(1);
        assertThat(RawSocketAddress.VMADDR_CID_HOST).isEqualTo(2);
    }

    @Test
    void bytes_areCopied() {
        byte[] data = {1, 2, 3};
        RawSocketAddress address = RawSocketAddress.of(99, data);
        data[0] = 9;
        address.data()[1] = 9;
        assertThat(address.family()).isEqualTo(99);
        assertThat(address.data()).containsExactly(1, 2, 3);
        assertThat(address).hasToString("family 99[010203]");
    }

    @Test
    void family_isUnsignedShort() {
        assertThat(RawSocketAddress.of(0, new byte[0]).family()).isZero();
        assertThat(RawSocketAddress.of(65_535, new byte[0]).family()).isEqualTo(65_535);
        for (int wrong : new int[] {-1, 65_536}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawSocketAddress.of(wrong, new byte[0]))
                    .withMessageContaining("not " + wrong);
        }
    }

    @Test
    void dataOver126Bytes_isRefused() {
        assertThat(RawSocketAddress.of(1, new byte[126]).data()).hasSize(126);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RawSocketAddress.of(1, new byte[127]))
                .withMessageContaining("126")
                .withMessageContaining("127");
    }

    @Test
    void netlink() {
        RawSocketAddress address = RawSocketAddress.netlink(0x01020304, 0x80000001);
        assertThat(address.family()).isEqualTo(16);
        assertThat(address.data()).hasSize(10); // struct sockaddr_nl has 12
        ByteBuffer data = ByteBuffer.wrap(address.data()).order(ByteOrder.nativeOrder());
        assertThat(data.getShort(0)).isZero();
        assertThat(data.getInt(2)).isEqualTo(0x01020304);
        assertThat(data.getInt(6)).isEqualTo(0x80000001);
        assertThat(address.netlinkPid()).isEqualTo(0x01020304);
        assertThat(address.netlinkGroups()).isEqualTo(0x80000001);
        assertThat(address).hasToString("netlink[pid=16909060, groups=0x80000001]");
    }

    @Test
    void vsock() {
        RawSocketAddress address = RawSocketAddress.vsock(-1, 0x01020304);
        assertThat(address.family()).isEqualTo(40);
        assertThat(address.data()).hasSize(14); // struct sockaddr_vm has 16
        ByteBuffer data = ByteBuffer.wrap(address.data()).order(ByteOrder.nativeOrder());
        assertThat(data.getShort(0)).isZero();
        assertThat(data.getInt(2)).isEqualTo(0x01020304);
        assertThat(data.getInt(6)).isEqualTo(-1);
        assertThat(data.getInt(10)).isZero();
        assertThat(address.vsockCid()).isEqualTo(-1);
        assertThat(address.vsockPort()).isEqualTo(0x01020304);
        assertThat(address).hasToString("vsock[cid=4294967295, port=16909060]");
    }

    @Test
    void abstractName_hasLeadingZeroByte() {
        RawSocketAddress address = RawSocketAddress.unixAbstract(ascii("a\\\0b"));
        assertThat(address.family()).isEqualTo(1);
        assertThat(address.data()).containsExactly(0, 'a', '\\', 0, 'b');
        assertThat(address.abstractName()).containsExactly('a', '\\', 0, 'b');
        assertThat(address).hasToString("unix[@a\\x5c\\x00b]");
        assertThat(RawSocketAddress.unixAbstract(new byte[0]).data()).containsExactly(0);
        assertThat(RawSocketAddress.unixAbstract(new byte[107]).data()).hasSize(108);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RawSocketAddress.unixAbstract(new byte[108]))
                .withMessageContaining("107")
                .withMessageContaining("108");
    }

    @Test
    void accessorOfOtherFamily_throws() {
        RawSocketAddress netlink = RawSocketAddress.netlink(1, 2);
        RawSocketAddress path = RawSocketAddress.of(1, ascii("/tmp/x"));
        RawSocketAddress cut = RawSocketAddress.of(40, new byte[13]);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(netlink::vsockCid)
                .withMessage("not an address of AF_VSOCK: netlink[pid=1, groups=0x2]");
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(cut::vsockPort);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(path::netlinkPid);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(cut::netlinkGroups);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(path::abstractName)
                .withMessage("not an address of an abstract Unix socket: family 1[2f746d702f78]");
    }

    @Test
    void addresses_areValues() {
        assertThat(RawSocketAddress.netlink(1, 2))
                .isEqualTo(RawSocketAddress.netlink(1, 2))
                .hasSameHashCodeAs(RawSocketAddress.netlink(1, 2))
                .isNotEqualTo(RawSocketAddress.netlink(1, 3))
                .isNotEqualTo(
                        RawSocketAddress.of(17, RawSocketAddress.netlink(1, 2).data()))
                .isNotEqualTo("netlink");
    }

    @Test
    void address_canBeSerialized() throws Exception {
        RawSocketAddress address = RawSocketAddress.vsock(3, 4);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(address);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(address);
        }
    }
}
