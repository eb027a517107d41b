package io.selectors4j.nio;

import io.selectors4j.NativeIOException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketException;

/// Converts a failed system call to the exception that the JDK's channels throw for it, with the same text: programs
/// look at both. The cause is the [NativeIOException], which names the call and its errno.
final class Failures {

    private Failures() {}

    /// Converts a failure of bind, connect, listen, accept, shutdown or a socket option.
    static IOException ofSocket(IOException failure) {
        if (!(failure instanceof NativeIOException e)) {
            return failure;
        }
        String text = e.strerror();
        IOException converted = switch (e.errnoName()) {
            case "EPROTO" -> new ProtocolException(text);
            case "ECONNREFUSED", "ETIMEDOUT", "ENOTCONN" -> new ConnectException(text);
            case "EHOSTUNREACH" -> new NoRouteToHostException(text);
            case "EADDRINUSE", "EADDRNOTAVAIL", "EACCES" -> new BindException(text);
            default -> new SocketException(text);
        };
        converted.initCause(e);
        return converted;
    }

    /// Converts a failure of a read or write of a stream.
    static IOException ofStream(IOException failure) {
        return failure instanceof NativeIOException e ? new IOException(e.strerror(), e) : failure;
    }

    /// Converts a failure to send or receive a datagram.
    static IOException ofDatagram(IOException failure) {
        if (failure instanceof NativeIOException e && e.errnoName().equals("ECONNREFUSED")) {
            return (IOException) new PortUnreachableException().initCause(e);
        }
        return ofSocket(failure);
    }
}
