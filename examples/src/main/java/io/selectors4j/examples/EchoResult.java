package io.selectors4j.examples;

import java.io.IOException;

/// The bytes that a client has sent and received over one connection, as text.
///
/// @param client the address of the client
record EchoResult(String client, String sent, String received) {

    /// Checks that the client received the bytes that it sent.
    ///
    /// @throws IOException if they differ; the message has both
    void check() throws IOException {
        if (!received.equals(sent)) {
            throw new IOException(client + " sent \"" + sent + "\" but received \"" + received + "\"");
        }
    }
}
