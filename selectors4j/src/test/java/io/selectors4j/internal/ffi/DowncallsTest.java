package io.selectors4j.internal.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The shapes that functions share.
class DowncallsTest {

    @Test
    void aPointerKeepsItsPlaceAndAllElseIsLong() {
        assertThat(Downcalls.padded(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)))
                .isEqualTo(FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        assertThat(Downcalls.padded(FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG)))
                .isEqualTo(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));
        assertThat(Downcalls.padded(FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS)))
                .isEqualTo(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
    }

    @Test
    void withoutAPointerTheLastPlaceHasOne() {
        assertThat(Downcalls.padded(FunctionDescriptor.of(JAVA_INT, JAVA_INT)))
                .isEqualTo(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
    }

    static List<FunctionDescriptor> others() {
        return List.of(
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                FunctionDescriptor.of(JAVA_INT, JAVA_SHORT));
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatDoesNotFitIsRefused(FunctionDescriptor type) {
        assertThatThrownBy(() -> Downcalls.padded(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(type.toString());
    }

    @Test
    void aNegativeIntArrivesAsOneAndAFailureIsTold() throws Throwable {
        CallState state = new CallState();
        MethodHandle abs = Downcalls.linkPadded("abs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        assertThat((int) (long) abs.invokeExact(state.segment(), -7L, 0L, 0L, MemorySegment.NULL))
                .isEqualTo(7);
        MethodHandle close = Downcalls.linkPadded("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        assertThat(state.result((int) (long) close.invokeExact(state.segment(), -1L, 0L, 0L, MemorySegment.NULL)))
                .isEqualTo(-Errno.EBADF);
    }
}
