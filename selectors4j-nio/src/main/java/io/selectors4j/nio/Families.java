package io.selectors4j.nio;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.util.Objects;

/// The protocol families of sockets.
final class Families {

    /// The family of a channel that is opened without one: IPv6, which takes IPv4 too, where the system has it and
    /// `java.net.preferIPv4Stack` is not set.
    static final StandardProtocolFamily DEFAULT = defaultFamily();

    private Families() {}

    private static StandardProtocolFamily defaultFamily() {
        if (Boolean.getBoolean("java.net.preferIPv4Stack")) {
            return StandardProtocolFamily.INET;
        }
        try (SocketFd _ = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM)) {
            return StandardProtocolFamily.INET6;
        } catch (IOException e) {
            return StandardProtocolFamily.INET;
        }
    }

    /// Returns a family that streams have.
    static StandardProtocolFamily requireStream(ProtocolFamily family) {
        if (Objects.requireNonNull(family, "family") instanceof StandardProtocolFamily standard
                && (standard != StandardProtocolFamily.INET6 || DEFAULT == standard)) {
            return standard;
        }
        throw new UnsupportedOperationException("Protocol family not supported: " + family);
    }

    /// Returns a family that datagrams have.
    static StandardProtocolFamily requireInternet(ProtocolFamily family) {
        StandardProtocolFamily standard = requireStream(family);
        if (standard == StandardProtocolFamily.UNIX) {
            throw new UnsupportedOperationException("Protocol family not supported: " + family);
        }
        return standard;
    }
}
