package io.selectors4j.benchmarks.load;

import io.selectors4j.Selector;
import java.io.IOException;
import java.net.InetSocketAddress;

/// The kinds of clients, by their names on the command line of a [GeneratorTask].
public enum Protocol {

    /// Messages over a TCP connection that stays open, which the server sends back.
    ECHO,

    /// The same as datagrams, from a socket for each client.
    DATAGRAM,

    /// A TCP connection for each message. The server sends the message back and closes the connection.
    ACCEPT,

    /// HTTP requests over a connection that stays open.
    HTTP;

    /// Connects a client.
    ///
    /// @param number a number that no other client has
    Exchange connect(InetSocketAddress server, Selector<Exchange> selector, int number) throws IOException {
        return switch (this) {
            case ECHO -> EchoExchange.stream(server, selector, number);
            case DATAGRAM -> EchoExchange.datagrams(server, selector, number);
            case ACCEPT -> new AcceptExchange(server, selector);
            case HTTP -> new HttpExchange(server, selector);
        };
    }
}
