package io.selectors4j.examples;

import java.io.IOException;

/// What a client has sent over one connection and what it got back.
///
/// @param client the client's address
/// @param sent what it has sent
/// @param received what it got back
record Echo(String client, String sent, String received) {

    /// Checks that the client got back what it sent.
    ///
    /// @throws IOException if not; the message says what was different
    void check() throws IOException {
        if (!received.equals(sent)) {
            throw new IOException(client + " sent \"" + sent + "\" but got back \"" + received + "\"");
        }
    }
}
