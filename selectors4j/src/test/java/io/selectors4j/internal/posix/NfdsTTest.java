package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NfdsTTest {

    @ParameterizedTest
    @CsvSource({"LINUX, 8", "MACOS, 4", "FREEBSD, 4", "OPENBSD, 4", "NETBSD, 4", "DRAGONFLY, 4"})
    void size_isThatOfTheSystem(Os os, long size) {
        assertThat(NfdsT.of(os).byteSize()).isEqualTo(size);
    }

    @ParameterizedTest
    @EnumSource(names = {"LINUX", "MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void parameter_isALongInJava(Os os) {
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, NfdsT.of(os), JAVA_INT);
        MethodHandle handle = NfdsT.asLong(1, Downcalls.link("poll", type));
        // The segment of an ErrnoCapture comes first.
        assertThat(handle.type())
                .isEqualTo(MethodType.methodType(
                        int.class, MemorySegment.class, MemorySegment.class, long.class, int.class));
    }
}
