package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A call that works on some systems. On the others, its exception names the missing facility and the replacement.
///
/// @param title the title of its test
/// @param works whether it works on this system
/// @param code the call, with assertions about its result
/// @param refusal the message of the exception on the other systems
record PartialFacility(String title, boolean works, ThrowingCallable code, String refusal) {

    /// Code that needs a socket.
    interface SocketCode {
        void run(SocketFd socket) throws IOException;
    }

    /// Runs code with one of two connected sockets.
    static void withSocket(SocketCode code) throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            code.run(pair.first());
        }
    }

    /// Makes the call and checks its result or its exception.
    void run() {
        if (works) {
            assertThatCode(code).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(code)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(refusal);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
