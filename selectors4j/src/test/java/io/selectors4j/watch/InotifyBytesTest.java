package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What reads make of bytes that are no events: a socket is under the number of the inotify descriptor. Found by fuzzing.
@Timeout(30)
class InotifyBytesTest {

    private SocketFd.Pair kernel;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        kernel = SocketFd.pair(SocketFd.Type.SEQPACKET);
        kernel.first().setBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        kernel.close();
    }

    /// Has the next read return an event that says how long its name is, and so many bytes in all.
    private void give(int length, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(16, count)).order(ByteOrder.nativeOrder());
        bytes.putInt(0, 1).putInt(4, InotifyFd.IN_OPEN).putInt(12, length);
        assertThat(kernel.second().write(bytes.limit(count))).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 1, -1, -16, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anEventThatDoesNotEndWithinWhatWasReadIsRefused(int length) throws IOException {
        try (InotifyFd inotify = InotifyFd.open()) {
            Libc.dupOnto(kernel.first().fileno(), inotify.fileno());
            give(length, 16);
            assertThatThrownBy(inotify::read)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("read(fd=" + inotify.fileno() + "): 16 bytes that are not inotify events");
            assertThat(inotify.read()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 17, 33})
    void aTornEventIsRefused(int count) throws IOException {
        try (InotifyFd inotify = InotifyFd.open()) {
            Libc.dupOnto(kernel.first().fileno(), inotify.fileno());
            give(0, count);
            assertThatThrownBy(inotify::read)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining(count + " bytes that are not inotify events");
        }
    }

    @Test
    void theNextEventOfTheTreeIsReadAllTheSame() throws IOException {
        try (InotifyTree tree = InotifyTree.open(directory, InotifyFd.IN_OPEN)) {
            Libc.dupOnto(kernel.first().fileno(), tree.fileno());
            give(-16, 16);
            assertThatThrownBy(tree::read)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining("16 bytes that are not inotify events");
            give(0, 16);
            assertThat(tree.read()).containsExactly(new TreeEvent(directory, InotifyFd.IN_OPEN, 0));
        }
    }
}
