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

/// Reads of bytes that are not inotify events: the number of the descriptor refers to a socket. Found by fuzzing.
@Timeout(120)
class InotifyBytesTest {

    private SocketFd.Pair sockets;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        sockets = SocketFd.pair(SocketFd.Type.SEQPACKET);
        sockets.first().setBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        sockets.close();
    }

    /// Makes the next read return `count` bytes: an event whose header has this length of the name.
    private void send(int length, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(16, count)).order(ByteOrder.nativeOrder());
        bytes.putInt(0, 1).putInt(4, InotifyFd.IN_OPEN).putInt(12, length);
        assertThat(sockets.second().write(bytes.limit(count))).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 1, -1, -16, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void nameLongerThanTheRead_isRefused(int length) throws IOException {
        try (InotifyFd inotify = InotifyFd.open()) {
            Libc.dupOnto(sockets.first().fileno(), inotify.fileno());
            send(length, 16);
            assertThatThrownBy(inotify::read)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("read(fd=" + inotify.fileno() + "): 16 bytes that are not inotify events");
            assertThat(inotify.read()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 17, 33})
    void partialEvent_isRefused(int count) throws IOException {
        try (InotifyFd inotify = InotifyFd.open()) {
            Libc.dupOnto(sockets.first().fileno(), inotify.fileno());
            send(0, count);
            assertThatThrownBy(inotify::read)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining(count + " bytes that are not inotify events");
        }
    }

    @Test
    void treeReadsNextEventAfterRefusedBytes() throws IOException {
        try (InotifyTree tree = InotifyTree.open(directory, InotifyFd.IN_OPEN)) {
            Libc.dupOnto(sockets.first().fileno(), tree.fileno());
            send(-16, 16);
            assertThatThrownBy(tree::read)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining("16 bytes that are not inotify events");
            send(0, 16);
            assertThat(tree.read()).containsExactly(new TreeEvent(directory, InotifyFd.IN_OPEN, 0));
        }
    }
}
