package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expected values are those of a C compiler on an LP64 system, checked on every host.
class LayoutsTest {

    @Test
    void pollfd() {
        assertThat(PollFds.LAYOUT.byteSize()).isEqualTo(8);
        assertThat(PollFds.LAYOUT.byteAlignment()).isEqualTo(4);
        assertThat(offset(PollFds.LAYOUT, "fd")).isEqualTo(0);
        assertThat(offset(PollFds.LAYOUT, "events")).isEqualTo(4);
        assertThat(offset(PollFds.LAYOUT, "revents")).isEqualTo(6);
    }

    @Test
    void timespec() {
        assertThat(Timespec.LAYOUT.byteSize()).isEqualTo(16);
        assertThat(Timespec.LAYOUT.byteAlignment()).isEqualTo(8);
        assertThat(offset(Timespec.LAYOUT, "tv_sec")).isEqualTo(0);
        assertThat(offset(Timespec.LAYOUT, "tv_nsec")).isEqualTo(8);
    }

    @Test
    void timespec_splitsNanoseconds() {
        Timespec timespec = new Timespec();
        assertTimespec(timespec.set(0), 0, 0);
        assertTimespec(timespec.set(1), 0, 1);
        assertTimespec(timespec.set(999_999_999), 0, 999_999_999);
        assertTimespec(timespec.set(1_000_000_000), 1, 0);
        assertTimespec(timespec.set(Long.MAX_VALUE), 9_223_372_036L, 854_775_807L);
    }

    private static void assertTimespec(Timespec timespec, long seconds, long nanos) {
        assertThat(timespec.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(seconds);
        assertThat(timespec.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(nanos);
    }

    @Test
    void sigset() {
        assertThat(SigSet.SIZE).isEqualTo(128);
        SigSet set = new SigSet(1L << 9);
        assertThat(set.segment().byteSize()).isEqualTo(128);
        assertThat(set.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x200);
        for (int i = 8; i < 128; i++) {
            assertThat(set.segment().get(ValueLayout.JAVA_BYTE, i)).isZero();
        }
    }

    @Test
    void sockaddr() {
        assertThat(SockAddr.SOCKADDR_IN).isEqualTo(16);
        assertThat(SockAddr.SOCKADDR_IN6).isEqualTo(28);
        assertThat(SockAddrLayout.of(Os.LINUX).sockaddrUn()).isEqualTo(110);
        assertThat(SockAddr.SOCKADDR_STORAGE).isEqualTo(128);
        assertThat(new SockAddr().size()).isEqualTo(128); // sizeof(struct sockaddr_storage)
        assertThat(new SockAddr().segment().byteSize()).isEqualTo(128);
    }

    @Test
    void iovec() {
        assertThat(IovecArray.LAYOUT.byteSize()).isEqualTo(16);
        assertThat(offset(IovecArray.LAYOUT, "iov_base")).isEqualTo(0);
        assertThat(offset(IovecArray.LAYOUT, "iov_len")).isEqualTo(8);
        IovecArray array = new IovecArray(3);
        array.set(2, 0x1234_5678_9ABCL, 7);
        assertThat(array.segment().byteSize()).isEqualTo(48);
        assertThat(array.segment().get(ValueLayout.JAVA_LONG, 32)).isEqualTo(0x1234_5678_9ABCL);
        assertThat(array.segment().get(ValueLayout.JAVA_LONG, 40)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX, 56, 8, 40, 48",
        "MACOS, 48, 4, 40, 44",
        "FREEBSD, 48, 4, 40, 44",
        "OPENBSD, 48, 4, 40, 44",
        "NETBSD, 48, 4, 40, 44",
        "DRAGONFLY, 48, 4, 40, 44",
        "WINDOWS, 56, 8, 40, 48"
    })
    void msghdr(Os os, int size, int countSize, int controllen, int flags) {
        MsghdrLayout layout = MsghdrLayout.of(os);
        StructLayout struct = layout.layout();
        assertThat(struct.byteSize()).isEqualTo(size);
        assertThat(offset(struct, "msg_name")).isEqualTo(0);
        assertThat(offset(struct, "msg_namelen")).isEqualTo(8);
        assertThat(offset(struct, "msg_iov")).isEqualTo(16);
        assertThat(offset(struct, "msg_iovlen")).isEqualTo(24);
        assertThat(struct.select(PathElement.groupElement("msg_iovlen")).byteSize())
                .isEqualTo(countSize);
        assertThat(offset(struct, "msg_control")).isEqualTo(32);
        assertThat(offset(struct, "msg_controllen")).isEqualTo(controllen);
        assertThat(offset(struct, "msg_flags")).isEqualTo(flags);

        IovecArray array = new IovecArray(2);
        Msghdr message = new Msghdr(layout, array).setSource(2, null, null);
        assertThat(message.segment().get(ValueLayout.JAVA_LONG, 16))
                .isEqualTo(array.segment().address());
        assertThat(
                        countSize == 8
                                ? message.segment().get(ValueLayout.JAVA_LONG, 24)
                                : message.segment().get(ValueLayout.JAVA_INT, 24))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"LINUX, 8, 136, 264", "MACOS, 4, 132, 260", "FREEBSD, 8, 136, 264"})
    void groupReq(Os os, int group, int size, int sizeWithSource) throws Exception {
        GroupReqLayout layout = GroupReqLayout.of(os);
        assertThat(layout.groupReq().byteSize()).isEqualTo(size);
        assertThat(offset(layout.groupReq(), "gr_interface")).isEqualTo(0);
        assertThat(offset(layout.groupReq(), "gr_group")).isEqualTo(group);
        assertThat(layout.groupSourceReq().byteSize()).isEqualTo(sizeWithSource);
        assertThat(offset(layout.groupSourceReq(), "gsr_interface")).isEqualTo(0);
        assertThat(offset(layout.groupSourceReq(), "gsr_group")).isEqualTo(group);
        assertThat(offset(layout.groupSourceReq(), "gsr_source")).isEqualTo(group + 128);

        SockAddr one = new SockAddr(new InetSocketAddress(InetAddress.ofLiteral("239.1.2.3"), 0), false);
        SockAddr two = new SockAddr(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), 0), false);
        GroupReq request = new GroupReq(layout, 7, one, two);
        assertThat(request.size()).isEqualTo(sizeWithSource);
        assertThat(new GroupReq(layout, 7, one, null).size()).isEqualTo(size);
        assertThat(request.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
        assertThat(request.segment().get(ValueLayout.JAVA_BYTE, group + 4)).isEqualTo((byte) 239);
        assertThat(request.segment().get(ValueLayout.JAVA_BYTE, group + 128 + 7))
                .isEqualTo((byte) 9);
    }

    @Test
    void ints_holdTheirValues() {
        Ints ints = new Ints(-1, 7);
        assertThat(ints.segment().byteSize()).isEqualTo(8);
        assertThat(ints.get(0)).isEqualTo(-1);
        assertThat(ints.get(1)).isEqualTo(7);
        ints.set(0, 3);
        assertThat(ints.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(3);
        assertThat(ints.get(1)).isEqualTo(7);
        assertThat(Ints.ofByte(200).getByte()).isEqualTo(200);
        assertThat(Ints.ofByte(200).segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 200);
    }

    @Test
    void cString_endsWithAZeroByte() {
        CString string = new CString("/tmp/x");
        assertThat(string.segment().byteSize()).isEqualTo(7);
        assertThat(string.segment().getString(0)).isEqualTo("/tmp/x");
        assertThat(string.length()).isEqualTo(6);
        assertThat(new CString("").segment().byteSize()).isEqualTo(1);
        assertThat(new CString("").length()).isZero();
    }

    @Test
    void cStringWithoutZeroByte_isReadToItsEnd() {
        CString string = new CString(3);
        assertThat(string.text()).isEmpty();
        string.segment().fill((byte) 'x');
        assertThat(string.text()).isEqualTo("xxx");
        assertThat(new CString(0).text()).isEmpty();
    }

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }
}
