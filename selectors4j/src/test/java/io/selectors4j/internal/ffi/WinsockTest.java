package io.selectors4j.internal.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.junit.jupiter.api.Test;

class WinsockTest {

    private static final FunctionDescriptor SEND =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    @SuppressWarnings("unused") // by handle
    private static int send(MemorySegment state, long socket, MemorySegment buffer, long length, int flags) {
        return socket == 860 && flags == 1 ? (int) length : -1;
    }

    @Test
    void type_hasASocketOf64Bits_andAnIntResult() {
        assertThat(Winsock.type(SEND))
                .isEqualTo(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));
        FunctionDescriptor poll = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        assertThat(Winsock.type(poll)).isEqualTo(poll);
    }

    @Test
    void handle_hasTheTypeOfTheUnixes() throws Throwable {
        MethodHandle windows = MethodHandles.lookup()
                .findStatic(
                        WinsockTest.class,
                        "send",
                        MethodType.methodType(
                                int.class,
                                MemorySegment.class,
                                long.class,
                                MemorySegment.class,
                                long.class,
                                int.class));
        MethodHandle send = Winsock.adapt(windows, SEND);
        assertThat((long) send.invokeExact(MemorySegment.NULL, 860, MemorySegment.NULL, 5L, 1))
                .isEqualTo(5);
        assertThat((long) send.invokeExact(MemorySegment.NULL, 861, MemorySegment.NULL, 5L, 1))
                .isEqualTo(-1);
    }

    @Test
    void missingFunction_isRefusedByName() {
        MethodHandle missing = Winsock.missing("sendfile", SEND);
        assertThat(missing.type()).isEqualTo(Winsock.adapt(missing, SEND).type());
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> missing.invoke(MemorySegment.NULL, 3, MemorySegment.NULL, 5L, 0))
                    .withMessage("Windows has no sendfile(): only sockets are supported there");
        }
    }
}
