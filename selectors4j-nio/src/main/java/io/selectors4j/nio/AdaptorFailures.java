package io.selectors4j.nio;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/// Converts exceptions of channels to exceptions of the sockets of `java.net`, with the texts of the JDK's adaptors.
final class AdaptorFailures {

    private AdaptorFailures() {}

    /// Converts an exception of bind, connect, accept or shutdown. An [IOException] stays as it is, including
    /// [ClosedChannelException].
    ///
    /// @throws RuntimeException `failure`, if it is not converted
    static IOException ofOperation(Exception failure) {
        return failure instanceof IOException io ? io : toSocketException(failure);
    }

    /// Converts an exception of a socket option, where the methods of `java.net` declare [SocketException] only.
    ///
    /// @throws RuntimeException `failure`, if it is not converted
    static SocketException toSocketException(Exception failure) {
        if (failure instanceof SocketException socket) {
            return socket;
        }
        String text = switch (failure) {
            case ClosedChannelException _ -> "Socket is closed";
            case NotYetConnectedException _ -> "Socket is not connected";
            case AlreadyBoundException _ -> "Already bound";
            case AlreadyConnectedException _ -> "Already connected";
            case NotYetBoundException _ -> "Socket is not bound yet";
            case UnsupportedAddressTypeException _ -> "Unsupported address type";
            case UnresolvedAddressException _ -> "Unresolved address";
            case RuntimeException other -> throw other;
            default -> failure.getMessage();
        };
        return new SocketException(text, failure);
    }
}
