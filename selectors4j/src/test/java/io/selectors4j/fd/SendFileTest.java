package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.testing.Background;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendFileTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    private Path directory;

    private byte[] data;
    private FileFd file;
    private SocketFd.Pair pair;

    @BeforeEach
    void open() throws Exception {
        data = new byte[SIZE];
        new Random(3).nextBytes(data);
        file = FileFd.open(Files.write(directory.resolve("file"), data), FileFd.O_RDONLY);
        pair = SocketFd.pair(SocketFd.Type.STREAM);
    }

    @AfterEach
    void close() throws Exception {
        file.close();
        pair.close();
    }

    @Test
    void part_isSentFromItsPosition() throws Exception {
        assertThat(pair.first().sendFile(file, 1_000, 10)).isEqualTo(10);
        ByteBuffer target = ByteBuffer.allocate(20);
        assertThat(pair.second().read(target)).isEqualTo(10);
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(data, 1_000, 10));
        assertThat(file.available()).as("the position stays").isEqualTo(SIZE);
    }

    @Test
    void blockingSocket_sendsAllUpToTheEnd() throws Exception {
        try (Background<Long> sending = Background.start(() -> pair.first().sendFile(file, 5, Long.MAX_VALUE - 5))) {
            ByteBuffer target = ByteBuffer.allocate(SIZE - 5);
            while (target.hasRemaining()) {
                assertThat(pair.second().read(target)).isPositive();
            }
            assertThat(sending.result()).isEqualTo(SIZE - 5);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(data, 5, SIZE - 5));
        }
    }

    @Test
    void nonBlockingSocket_sendsWhatFits() throws Exception {
        pair.first().setBlocking(false);
        pair.second().setBlocking(false);
        long sent = pair.first().sendFile(file, 0, SIZE);
        assertThat(sent).isPositive().isLessThan(SIZE);
        assertThat(pair.first().sendFile(file, sent, SIZE)).isZero();
        ByteBuffer target = ByteBuffer.allocate(SIZE);
        while (pair.second().read(target) > 0) {
            // takes everything
        }
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(data, 0, (int) sent));
    }

    @Test
    void nothingToSend_isZero() throws Exception {
        assertThat(pair.first().sendFile(file, 0, 0)).isZero();
        assertThat(pair.first().sendFile(file, SIZE, 10)).isZero();
        assertThat(pair.first().sendFile(file, SIZE + 1L, 10)).isZero();
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void wrongFile_isRefused() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.first().sendFile(file, -1, 1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> pair.first().sendFile(file, 0, -2));
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            SocketFdTest.assertErrno("ESPIPE", () -> pair.first().sendFile(pipe.reader(), 0, 1));
        }
        file.close();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> pair.first().sendFile(file, 0, 1));
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void peerGone_fails() throws Exception {
        pair.second().close();
        SocketFdTest.assertErrno("EPIPE", () -> pair.first().sendFile(file, 0, 10));
        pair.first().close();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> pair.first().sendFile(file, 0, 1));
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void closeDuringCall_endsIt() throws Exception {
        pair.first().setBlocking(false);
        while (pair.first().sendFile(file, 0, SIZE) > 0) {
            // fills the send buffer
        }
        pair.first().setBlocking(true);
        try (Background<Long> sending = Background.start(() -> pair.first().sendFile(file, 0, SIZE))) {
            sending.awaitAsleep();
            pair.first().close();
            assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(sending::result);
        }
    }
}
