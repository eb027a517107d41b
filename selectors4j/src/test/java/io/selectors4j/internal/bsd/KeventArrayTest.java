package io.selectors4j.internal.bsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The layout of `struct kevent` on each system, checked on every host.
class KeventArrayTest {

    @ParameterizedTest
    @CsvSource({
        //          size, ident, filter, width, flags, width, fflags, data, udata
        "MACOS,     32,   0,     8,      2,     10,    2,     12,     16,   24",
        "FREEBSD,   64,   0,     8,      2,     10,    2,     12,     16,   24",
        "OPENBSD,   32,   0,     8,      2,     10,    2,     12,     16,   24",
        "NETBSD,    40,   0,     8,      4,     12,    4,     16,     24,   32",
        "DRAGONFLY, 32,   0,     8,      2,     10,    2,     12,     16,   24",
        "LIBKQUEUE, 32,   0,     8,      2,     10,    2,     12,     16,   24"
    })
    void layout_isThatOfTheHeader(
            KqueueSystem system,
            long size,
            long ident,
            long filter,
            long filterWidth,
            long flags,
            long flagsWidth,
            long fflags,
            long data,
            long udata) {
        KeventLayout layout = system.layout();
        assertThat(layout.layout().byteSize()).isEqualTo(size);
        assertThat(layout.offset("ident")).isEqualTo(ident);
        assertThat(layout.width("ident")).isEqualTo(8);
        assertThat(layout.offset("filter")).isEqualTo(filter);
        assertThat(layout.width("filter")).isEqualTo(filterWidth);
        assertThat(layout.offset("flags")).isEqualTo(flags);
        assertThat(layout.width("flags")).isEqualTo(flagsWidth);
        assertThat(layout.offset("fflags")).isEqualTo(fflags);
        assertThat(layout.width("fflags")).isEqualTo(4);
        assertThat(layout.offset("data")).isEqualTo(data);
        assertThat(layout.width("data")).isEqualTo(8);
        assertThat(layout.offset("udata")).isEqualTo(udata);
        assertThat(layout.width("udata")).isEqualTo(8);
    }

    private static String bytes(KqueueSystem system) {
        return switch (system) {
            case MACOS, OPENBSD, DRAGONFLY, LIBKQUEUE ->
                "0807060504030201" + "feff" + "0180" + "44332281" + "f6ffffffffffffff" + "efcdab8967452301";
            case FREEBSD ->
                "0807060504030201" + "feff" + "0180" + "44332281" + "f6ffffffffffffff" + "efcdab8967452301"
                        + "00".repeat(32);
            case NETBSD ->
                "0807060504030201" + "feffffff" + "01800000" + "44332281" + "00000000" + "f6ffffffffffffff"
                        + "efcdab8967452301";
        };
    }

    /// Overwrites the second of two events. FreeBSD's `ext` becomes zero.
    @ParameterizedTest
    @EnumSource
    void set_writesTheBytesOfTheSystem(KqueueSystem system) {
        KeventArray array = new KeventArray(system, 2);
        array.segment().fill((byte) 0xAA);
        if (system == KqueueSystem.NETBSD) { // padding, whose content is undefined
            array.segment().set(ValueLayout.JAVA_INT, 40 + 20, 0);
        }
        array.set(1, 0x0102030405060708L, -2, 0x8001, 0x81223344, -10, 0x0123456789ABCDEFL);

        byte[] all = array.segment().toArray(ValueLayout.JAVA_BYTE);
        int size = (int) system.layout().layout().byteSize();
        assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(HexFormat.of().formatHex(all, 0, size)).isEqualTo("aa".repeat(size));
        assertThat(HexFormat.of().formatHex(all, size, 2 * size)).isEqualTo(bytes(system));

        assertThat(array.ident(1)).isEqualTo(0x0102030405060708L);
        assertThat(array.filter(1)).isEqualTo(-2);
        assertThat(array.flags(1)).isEqualTo(0x8001);
        assertThat(array.fflags(1)).isEqualTo(0x81223344);
        assertThat(array.data(1)).isEqualTo(-10);
        assertThat(array.udata(1)).isEqualTo(0x0123456789ABCDEFL);
    }

    @Test
    void wideFlags_areCutTo16Bits() {
        KeventArray array = new KeventArray(KqueueSystem.NETBSD, 1);
        array.segment().fill((byte) 0xFF);
        assertThat(array.flags(0)).isEqualTo(0xFFFF);
    }
}
