package io.selectors4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform.Arch;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Expected values are those of a C compiler for each architecture, checked on every host.
class TermiosConstantsTest {

    @ParameterizedTest
    @EnumSource(
            value = Arch.class,
            names = {"BITS_32", "OTHER", "PPC64LE"},
            mode = Mode.EXCLUDE)
    void constantsOfMostArchs_areThoseOfACompiler(Arch arch) {
        TermiosConstants n = TermiosConstants.of(arch);
        assertThat(n.tcgets2()).isEqualTo(0x802C542AL);
        assertThat(n.tcsets2()).isEqualTo(0x402C542BL);
        assertThat(n.tiocgwinsz()).isEqualTo(0x5413);
        assertThat(n.tiocswinsz()).isEqualTo(0x5414);
        assertThat(n.tiocgdev()).isEqualTo(0x80045432L);
        assertThat(n.vmin()).isEqualTo(6);
        assertThat(n.vtime()).isEqualTo(5);
        assertThat(n.ixon()).isEqualTo(0x400);
        assertThat(n.ixoff()).isEqualTo(0x1000);
        assertThat(n.cbaud()).isEqualTo(0x100F);
        assertThat(n.cibaud()).isEqualTo(0x100F0000);
        assertThat(n.b57600()).isEqualTo(0x1001);
        assertThat(n.csize()).isEqualTo(0x30);
        assertThat(n.cs6()).isEqualTo(0x10);
        assertThat(n.cstopb()).isEqualTo(0x40);
        assertThat(n.parenb()).isEqualTo(0x100);
        assertThat(n.parodd()).isEqualTo(0x200);
        assertThat(n.clocal()).isEqualTo(0x800);
        assertThat(n.isig()).isEqualTo(1);
        assertThat(n.icanon()).isEqualTo(2);
        assertThat(n.echo()).isEqualTo(8);
        assertThat(n.echonl()).isEqualTo(0x40);
        assertThat(n.iexten()).isEqualTo(0x8000);
        assertThat(n.noflsh()).isEqualTo(0x80);
        assertThat(n.vintr()).isZero();
        assertThat(n.vquit()).isEqualTo(1);
    }

    @Test
    void constantsOfPowerpc_areThoseOfACompiler() {
        TermiosConstants n = TermiosConstants.of(Arch.PPC64LE);
        assertThat(n.tcgets2()).isEqualTo(0x402C7413L);
        assertThat(n.tcsets2()).isEqualTo(0x802C7414L);
        assertThat(n.tiocgwinsz()).isEqualTo(0x40087468L);
        assertThat(n.tiocswinsz()).isEqualTo(0x80087467L);
        assertThat(n.tiocgdev()).isEqualTo(0x40045432L);
        assertThat(n.vmin()).isEqualTo(5);
        assertThat(n.vtime()).isEqualTo(7);
        assertThat(n.ixon()).isEqualTo(0x200);
        assertThat(n.ixoff()).isEqualTo(0x400);
        assertThat(n.cbaud()).isEqualTo(0xFF);
        assertThat(n.cibaud()).isEqualTo(0xFF0000);
        assertThat(n.b57600()).isEqualTo(0x10);
        assertThat(n.csize()).isEqualTo(0x300);
        assertThat(n.cs6()).isEqualTo(0x100);
        assertThat(n.cstopb()).isEqualTo(0x400);
        assertThat(n.parenb()).isEqualTo(0x1000);
        assertThat(n.parodd()).isEqualTo(0x2000);
        assertThat(n.clocal()).isEqualTo(0x8000);
        assertThat(n.isig()).isEqualTo(0x80);
        assertThat(n.icanon()).isEqualTo(0x100);
        assertThat(n.echo()).isEqualTo(8);
        assertThat(n.echonl()).isEqualTo(0x10);
        assertThat(n.iexten()).isEqualTo(0x400);
        assertThat(n.noflsh()).isEqualTo(0x80000000);
        assertThat(n.vintr()).isZero();
        assertThat(n.vquit()).isEqualTo(1);
    }

    @Test
    void sharedConstants_areThoseOfACompiler() {
        assertThat(TermiosConstants.TIOCPKT).isEqualTo(0x5420);
        assertThat(TermiosConstants.CMSPAR).isEqualTo(0x40000000);
        assertThat(TermiosConstants.CRTSCTS).isEqualTo(0x80000000);
        assertThat(TermiosConstants.OPOST).isEqualTo(1);
        assertThat(new int[] {
                    TermiosConstants.IGNBRK,
                    TermiosConstants.BRKINT,
                    TermiosConstants.PARMRK,
                    TermiosConstants.ISTRIP,
                    TermiosConstants.INLCR,
                    TermiosConstants.IGNCR,
                    TermiosConstants.ICRNL
                })
                .containsExactly(1, 2, 8, 0x20, 0x40, 0x80, 0x100);
    }

    @ParameterizedTest
    @CsvSource({
        // arch, sizeof, offsetof(c_line), offsetof(c_cc)
        "X86_64,  44, 16, 17",
        "AARCH64, 44, 16, 17",
        "RISCV64, 44, 16, 17",
        "S390X,   44, 16, 17",
        "PPC64LE, 44, 35, 16"
    })
    void termiosLayout_isThatOfACompiler(Arch arch, long size, long line, long cc) {
        TermiosLayout termios = TermiosLayout.of(arch);
        assertThat(termios.layout().byteSize()).isEqualTo(size);
        assertThat(termios.layout().byteAlignment()).isEqualTo(4);
        assertThat(termios.line()).isEqualTo(line);
        assertThat(termios.cc()).isEqualTo(cc);
        assertThat(offset(termios.layout(), "c_iflag")).isZero();
        assertThat(offset(termios.layout(), "c_oflag")).isEqualTo(4);
        assertThat(offset(termios.layout(), "c_cflag")).isEqualTo(8);
        assertThat(offset(termios.layout(), "c_lflag")).isEqualTo(12);
        assertThat(offset(termios.layout(), "c_ispeed")).isEqualTo(36);
        assertThat(offset(termios.layout(), "c_ospeed")).isEqualTo(40);
    }

    @Test
    void winsizeLayout_isThatOfACompiler() {
        assertThat(WinsizeStruct.LAYOUT.byteSize()).isEqualTo(8);
        assertThat(offset(WinsizeStruct.LAYOUT, "ws_row")).isZero();
        assertThat(offset(WinsizeStruct.LAYOUT, "ws_col")).isEqualTo(2);
        assertThat(offset(WinsizeStruct.LAYOUT, "ws_xpixel")).isEqualTo(4);
        assertThat(offset(WinsizeStruct.LAYOUT, "ws_ypixel")).isEqualTo(6);
        WinsizeStruct size = new WinsizeStruct(1, 65535, 3, 4);
        assertThat(size.segment().get(ValueLayout.JAVA_SHORT, 2)).isEqualTo((short) -1);
        assertThat(size.get(1)).isEqualTo(65535);
        assertThat(size.get(3)).isEqualTo(4);
    }

    @Test
    void struct_keepsFieldsApart() {
        TermiosStruct struct = new TermiosStruct();
        struct.setFlags(TermiosStruct.C_IFLAG, 1);
        struct.setFlags(TermiosStruct.C_OFLAG, 2);
        struct.setFlags(TermiosStruct.C_CFLAG, 3);
        struct.setFlags(TermiosStruct.C_LFLAG, 4);
        struct.setLine((byte) 5);
        byte[] cc = new byte[19];
        for (int i = 0; i < cc.length; i++) {
            cc[i] = (byte) (100 + i);
        }
        struct.setCc(cc);
        struct.setSpeeds(6, 7);
        assertThat(struct.segment().byteSize()).isEqualTo(44);
        assertThat(struct.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
        assertThat(struct.segment().get(ValueLayout.JAVA_INT, 12)).isEqualTo(4);
        assertThat(struct.flags(TermiosStruct.C_OFLAG)).isEqualTo(2);
        assertThat(struct.flags(TermiosStruct.C_CFLAG)).isEqualTo(3);
        assertThat(struct.line()).isEqualTo((byte) 5);
        assertThat(struct.cc()).containsExactly(cc);
        assertThat(struct.ispeed()).isEqualTo(6);
        assertThat(struct.ospeed()).isEqualTo(7);
    }

    @Test
    void unknownArch_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TermiosConstants.of(Arch.OTHER))
                .withMessageContaining("unknown architecture");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TermiosLayout.of(Arch.OTHER))
                .withMessageContaining("unknown architecture");
    }

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }
}
