package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import org.junit.jupiter.api.Test;

class IoctlRequestTest {

    @Test
    void size_isThatOfTheSystem() {
        Platform generic = new Platform(Os.LINUX, Arch.AARCH64);
        assertThat(IoctlRequest.size(generic, 0x5401)).as("TCGETS").isZero();
        assertThat(IoctlRequest.size(generic, 0x4004_54CAL)).as("TUNSETIFF").isEqualTo(4);
        assertThat(IoctlRequest.size(generic, 0xC250_B407L)).as("GPIO").isEqualTo(592);
        assertThat(IoctlRequest.size(generic, 0x802C_542AL)).as("TCGETS2").isEqualTo(44);
        assertThat(IoctlRequest.size(generic, 0xFFFF_0000L)).isEqualTo(0x3FFF);
        assertThat(IoctlRequest.size(generic, 0x3FFF_0000L)).as("no direction").isZero();
        Platform power = new Platform(Os.LINUX, Arch.PPC64LE);
        assertThat(IoctlRequest.size(power, 0x402C_7413L)).as("TCGETS").isEqualTo(44);
        assertThat(IoctlRequest.size(power, 0x2000_7401L)).as("_IO").isZero();
        Platform mac = new Platform(Os.MACOS, Arch.AARCH64);
        assertThat(IoctlRequest.size(mac, 0x4004_667FL)).as("FIONREAD").isEqualTo(4);
        assertThat(IoctlRequest.size(mac, 0x2000_7461L)).as("TIOCSCTTY").isZero();
    }
}
