package io.selectors4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expected values are those of a C compiler for each architecture, checked on every host.
class EpollEventLayoutTest {

    @ParameterizedTest
    @CsvSource({
        // arch, sizeof, offsetof(events), offsetof(data), alignof
        "X86_64,  12, 0, 4, 4",
        "AARCH64, 16, 0, 8, 8",
        "RISCV64, 16, 0, 8, 8",
        "S390X,   16, 0, 8, 8",
        "PPC64LE, 16, 0, 8, 8"
    })
    void layout_isThatOfACompiler(Arch arch, long size, long events, long data, long alignment) {
        EpollEventLayout event = EpollEventLayout.of(arch);
        assertThat(event.layout().byteSize()).isEqualTo(size);
        assertThat(event.layout().byteOffset(PathElement.groupElement("events")))
                .isEqualTo(events);
        assertThat(event.layout().byteOffset(PathElement.groupElement("data"))).isEqualTo(data);
        assertThat(event.data()).isEqualTo(data);
        assertThat(event.layout().byteAlignment()).isEqualTo(alignment);
    }

    @Test
    void everySupportedArch_hasALayout() {
        assertThat(Arrays.stream(Arch.values()).filter(arch -> arch != Arch.BITS_32 && arch != Arch.OTHER))
                .allSatisfy(
                        arch -> assertThat(EpollEventLayout.of(arch).layout().byteSize())
                                .isIn(12L, 16L));
    }

    @Test
    void unknownArch_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EpollEventLayout.of(Arch.OTHER))
                .withMessageContaining("unknown architecture");
    }

    @Test
    void array_keepsEventsApart() {
        EpollEventArray array = new EpollEventArray(3);
        array.set(0, 0x8000_0001, -1);
        array.set(1, 2, Long.MIN_VALUE);
        array.set(2, -1, 0x0123_4567_89AB_CDEFL);
        assertThat(array.capacity()).isEqualTo(3);
        assertThat(array.events(0)).isEqualTo(0x8000_0001);
        assertThat(array.data(0)).isEqualTo(-1);
        assertThat(array.events(1)).isEqualTo(2);
        assertThat(array.data(1)).isEqualTo(Long.MIN_VALUE);
        assertThat(array.events(2)).isEqualTo(-1);
        assertThat(array.data(2)).isEqualTo(0x0123_4567_89AB_CDEFL);
    }

    @Test
    void array_hasTheLayoutOfThisArch() {
        EpollEventArray array = new EpollEventArray(2);
        array.set(1, 7, 42);
        boolean packed = Platform.CURRENT.arch() == Arch.X86_64;
        assertThat(array.segment().byteSize()).isEqualTo(packed ? 24 : 32);
        assertThat(array.segment().get(ValueLayout.JAVA_INT, packed ? 12 : 16)).isEqualTo(7);
        assertThat(array.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, packed ? 16 : 24))
                .isEqualTo(42);
    }
}
