package io.selectors4j.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;

/// A client of a server: it sends a request, waits for the response, and sends the next request.
abstract class Exchange implements Closeable {

    /// The time of the request, in nanoseconds.
    long started;

    /// Sends a request.
    abstract void send() throws IOException;

    /// Receives what is there. Called when the socket is readable.
    ///
    /// @return whether the response is complete
    abstract boolean receive() throws IOException;
}
