package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// Closing a socket during a call on it, and the effect on its duplicates.
class ClosedInUseTest {

    @Test
    void nonBlockingSocket_keepsConnectionOfDuplicates() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                SocketFd duplicate = pair.first().dup()) {
            pair.first().setBlocking(false);
            pair.first().acquire();
            pair.first().close();
            pair.first().release();

            assertThat(duplicate.write(ByteBuffer.wrap(new byte[] {1}))).isEqualTo(1);
            assertThat(pair.second().read(ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }

    @Test
    void blockingSocket_shutsConnectionDown() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                SocketFd duplicate = pair.first().dup()) {
            pair.first().acquire();
            pair.first().close();
            pair.first().release();

            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> duplicate.write(ByteBuffer.wrap(new byte[] {1})))
                    .matches(e -> e.errnoName().equals("EPIPE"));
        }
    }
}
