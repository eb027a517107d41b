package io.selectors4j.internal.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.internal.posix.CString;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The function types that functions share.
class DowncallsTest {

    /// Stays reachable, so calls need not keep it alive.
    private static final CString PATH = new CString("/dev/null");

    @Test
    void fourIntegersAndPointers_fitSharedType() {
        assertThatNoException().isThrownBy(() -> {
            Downcalls.requireSharedType(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), true);
            Downcalls.requireSharedType(FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), true);
            Downcalls.requireSharedType(FunctionDescriptor.of(JAVA_INT, JAVA_INT), true);
            Downcalls.requireSharedType(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT), true);
            Downcalls.requireSharedType(FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), false);
            Downcalls.requireSharedType(
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), false);
        });
    }

    static List<Arguments> others() {
        return List.of(
                Arguments.of(FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), true),
                Arguments.of(FunctionDescriptor.of(JAVA_INT, JAVA_FLOAT), true),
                Arguments.of(FunctionDescriptor.of(JAVA_LONG, JAVA_INT), false),
                Arguments.of(FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), false),
                Arguments.of(FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG), false),
                Arguments.of(FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS), false));
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherTypes_areRejected(FunctionDescriptor type, boolean anyPointers) {
        assertThatThrownBy(() -> Downcalls.requireSharedType(type, anyPointers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(type.toString());
    }

    @Test
    void pointer_isPassedAsLongAndAsSegment() throws Throwable {
        ErrnoCapture state = new ErrnoCapture();
        MethodHandle access = Downcalls.linkAsLongs("access", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        assertThat(state.valueOrErrno(
                        (int) (long) access.invokeExact(state.segment(), Memory.address(PATH), 0L, 0L, 0L)))
                .isZero();
        assertThat(state.valueOrErrno(
                        (int) (long) access.invokeExact(state.segment(), Memory.address(null), 0L, 0L, 0L)))
                .isEqualTo(-Errno.number("EFAULT"));
        MethodHandle write =
                Downcalls.linkWithBuffer("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        assertThat(state.valueOrErrno((long) write.invokeExact(state.segment(), -1L, PATH.segment(), 1L, 0L)))
                .isEqualTo(-Errno.EBADF);
    }

    @Test
    void keptOpenArena_cannotBeClosedDuringCall() throws Throwable {
        ErrnoCapture state = new ErrnoCapture();
        MethodHandle abs = Downcalls.linkKeepingOpen("abs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        assertThat((int) (long) abs.invokeExact(state.segment(), -7L, 0L, 0L, PATH.segment()))
                .isEqualTo(7);
        assertThat((int) (long) abs.invokeExact(state.segment(), -7L, 0L, 0L, MemorySegment.NULL))
                .isEqualTo(7);
        Arena arena = Arena.ofShared();
        MemorySegment segment = arena.allocate(1);
        arena.close();
        assertThatThrownBy(() -> {
                    long _ = (long) abs.invokeExact(state.segment(), -7L, 0L, 0L, segment);
                })
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Downcalls.linkKeepingOpen(
                        "read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void negativeIntAndErrno_arePreserved() throws Throwable {
        ErrnoCapture state = new ErrnoCapture();
        MethodHandle abs = Downcalls.linkAsLongs("abs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        assertThat((int) (long) abs.invokeExact(state.segment(), -7L, 0L, 0L, 0L))
                .isEqualTo(7);
        MethodHandle close = Downcalls.linkAsLongs("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        assertThat(state.valueOrErrno((int) (long) close.invokeExact(state.segment(), -1L, 0L, 0L, 0L)))
                .isEqualTo(-Errno.EBADF);
    }
}
