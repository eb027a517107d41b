package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// An io_uring instance and a pair of connected sockets. Runs no test where the system refuses io_uring, which
/// [IoUringAvailabilityTest] checks.
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("available")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt does not end a wait
abstract class IoUringFixture {

    static final Duration LONG = Duration.ofMinutes(1);
    static final Duration NOW = Duration.ZERO;
    static final long CURRENT = IoUring.CURRENT_POSITION;

    /// The number of entries of the submission queue.
    static final int ENTRIES = 8;

    @Parameter
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    String system;

    IoUring ring;
    IoUringCompletions completions;
    SocketFd.Pair pair;
    SocketFd a;
    SocketFd b;

    private Map<Integer, String> openBefore;

    static List<String> available() {
        return IoUring.unavailabilityCause().isEmpty() ? List.of("io_uring") : List.of();
    }

    @BeforeEach
    void open() throws Exception {
        openBefore = OpenFiles.list();
        ring = IoUring.create(ENTRIES);
        completions = new IoUringCompletions(64);
        pair = SocketFd.pair(SocketFd.Type.STREAM);
        a = pair.first();
        b = pair.second();
    }

    @AfterEach
    void close() throws Exception {
        ring.close();
        pair.close();
        assertThat(OpenFiles.since(openBefore).values())
                .as("leaked descriptors")
                .allMatch(file -> file.endsWith("random")); // of the JDK
    }

    /// Waits for a number of completions, and returns the results by user data.
    Map<Long, Integer> await(int count) throws IOException {
        Map<Long, Integer> results = new TreeMap<>();
        while (results.size() < count) {
            assertThat(ring.submitAndWait(LONG, completions)).isPositive();
            for (int i = 0; i < completions.size(); i++) {
                assertThat(results.put(completions.data(i), completions.result(i)))
                        .as("second completion of " + completions.data(i))
                        .isNull();
            }
        }
        assertThat(ring.submitAndWait(NOW, completions)).isZero();
        return results;
    }

    /// Waits for the only completion, and returns its result.
    int awaitOne(long data) throws IOException {
        return Objects.requireNonNull(await(1).get(data));
    }

    static int errno(String name) {
        return -Errno.number(name);
    }

    static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size);
    }

    static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return direct(bytes.length).put(bytes).flip();
    }

    static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }

    static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }
}
