package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// An epoll instance and a pair of connected sockets.
abstract class EpollFixture {

    static final Duration LONG = Duration.ofMinutes(1);
    static final Duration NOW = Duration.ZERO;

    Epoll epoll;
    private SocketFd.Pair pair;
    SocketFd a;
    SocketFd b;

    @BeforeEach
    void open() throws Exception {
        epoll = Epoll.create();
        pair = SocketFd.pair(SocketFd.Type.STREAM);
        a = pair.first();
        b = pair.second();
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
        epoll.close();
    }

    static ByteBuffer oneByte() {
        return ByteBuffer.wrap(new byte[] {'x'});
    }

    static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }
}
