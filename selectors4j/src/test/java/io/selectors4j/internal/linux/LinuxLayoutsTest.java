package io.selectors4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Expected values are those of a C compiler on an LP64 system, the same on every architecture.
class LinuxLayoutsTest {

    @Test
    void itimerspec() {
        assertThat(Itimerspec.LAYOUT.byteSize()).isEqualTo(32);
        assertThat(Itimerspec.LAYOUT.byteAlignment()).isEqualTo(8);
        assertThat(offset(Itimerspec.LAYOUT, "it_interval")).isEqualTo(0);
        assertThat(offset(Itimerspec.LAYOUT, "it_value")).isEqualTo(16);
    }

    @Test
    void itimerspec_isExact() {
        Itimerspec spec = new Itimerspec();
        assertItimerspec(spec.set(0, 0), 0, 0, 0, 0);
        assertItimerspec(spec.set(1, 2), 0, 1, 0, 2);
        assertItimerspec(spec.set(999_999_999, 1_000_000_000), 0, 999_999_999, 1, 0);
        assertItimerspec(spec.set(50_123_456_789L, Long.MAX_VALUE), 50, 123_456_789, 9_223_372_036L, 854_775_807);
        assertThat(spec.value()).isEqualTo(Duration.ofNanos(50_123_456_789L));
        assertThat(spec.interval()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    private static void assertItimerspec(
            Itimerspec spec, long value, long valueNanos, long interval, long intervalNanos) {
        assertThat(spec.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(interval);
        assertThat(spec.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(intervalNanos);
        assertThat(spec.segment().get(ValueLayout.JAVA_LONG, 16)).isEqualTo(value);
        assertThat(spec.segment().get(ValueLayout.JAVA_LONG, 24)).isEqualTo(valueNanos);
    }

    @Test
    void ipMreqn() {
        assertThat(IpMreqn.LAYOUT.byteSize()).isEqualTo(12);
        assertThat(offset(IpMreqn.LAYOUT, "imr_address")).isEqualTo(4);
        assertThat(offset(IpMreqn.LAYOUT, "imr_ifindex")).isEqualTo(8);
        IpMreqn request = new IpMreqn(new byte[] {127, 0, 0, 1}, 3);
        assertThat(request.segment().get(ValueLayout.JAVA_INT, 0)).isZero();
        assertThat(request.segment().get(ValueLayout.JAVA_BYTE, 4)).isEqualTo((byte) 127);
        assertThat(request.segment().get(ValueLayout.JAVA_BYTE, 7)).isEqualTo((byte) 1);
        assertThat(request.segment().get(ValueLayout.JAVA_INT, 8)).isEqualTo(3);
    }

    @Test
    void ucred() {
        assertThat(Ucred.LAYOUT.byteSize()).isEqualTo(12);
        assertThat(offset(Ucred.LAYOUT, "pid")).isEqualTo(4L * Ucred.PID);
        assertThat(offset(Ucred.LAYOUT, "uid")).isEqualTo(4L * Ucred.UID);
        assertThat(offset(Ucred.LAYOUT, "gid")).isEqualTo(4L * Ucred.GID);
    }

    @Test
    void tcpInfo() {
        assertThat(TcpInfoLayout.offset("tcpi_rto")).isEqualTo(8);
        assertThat(TcpInfoLayout.offset("tcpi_rtt")).isEqualTo(68);
        assertThat(TcpInfoLayout.offset("tcpi_total_retrans")).isEqualTo(100);
        assertThat(TcpInfoLayout.offset("tcpi_pacing_rate")).isEqualTo(104);
        assertThat(TcpInfoLayout.offset("tcpi_delivery_rate")).isEqualTo(160);
        assertThat(TcpInfoLayout.offset("tcpi_bytes_sent")).isEqualTo(200);
        assertThat(TcpInfoLayout.offset("tcpi_snd_wnd")).isEqualTo(228);
    }

    @Test
    void statx() {
        assertThat(Statx.LAYOUT.byteSize()).isEqualTo(256);
        assertThat(offset(Statx.LAYOUT, "stx_mode")).isEqualTo(28);
        assertThat(offset(Statx.LAYOUT, "stx_size")).isEqualTo(40);
        Statx attributes = new Statx();
        attributes.segment().set(ValueLayout.JAVA_SHORT, 28, (short) 0100644);
        attributes.segment().set(ValueLayout.JAVA_LONG, 40, 1L << 40);
        assertThat(attributes.isRegularFile()).isTrue();
        assertThat(attributes.size()).isEqualTo(1L << 40);
        attributes.segment().set(ValueLayout.JAVA_SHORT, 28, (short) 0060644);
        assertThat(attributes.isRegularFile()).as("a block device").isFalse();
    }

    @Test
    void siginfo() {
        assertThat(Siginfo.LAYOUT.byteSize()).isEqualTo(128);
        assertThat(offset(Siginfo.LAYOUT, "si_signo")).isEqualTo(0);
        assertThat(offset(Siginfo.LAYOUT, "si_errno")).isEqualTo(4);
        assertThat(offset(Siginfo.LAYOUT, "si_code")).isEqualTo(8);
        assertThat(offset(Siginfo.LAYOUT, "si_pid")).isEqualTo(16);
        assertThat(offset(Siginfo.LAYOUT, "si_uid")).isEqualTo(20);
        assertThat(offset(Siginfo.LAYOUT, "si_status")).isEqualTo(24);
    }

    @Test
    void siginfo_readsItsFields() {
        Siginfo info = new Siginfo();
        assertThat(info.segment().byteSize()).isEqualTo(128);
        assertThat(info.segment().address() % 8)
                .as("alignment of the union, which contains pointers")
                .isZero();
        assertThat(info.pid()).isZero();
        info.segment().set(ValueLayout.JAVA_INT, 8, 7);
        info.segment().set(ValueLayout.JAVA_INT, 16, 8);
        info.segment().set(ValueLayout.JAVA_INT, 24, 9);
        assertThat(info.code()).isEqualTo(7);
        assertThat(info.pid()).isEqualTo(8);
        assertThat(info.status()).isEqualTo(9);
    }

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }
}
