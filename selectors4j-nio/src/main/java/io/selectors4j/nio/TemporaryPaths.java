package io.selectors4j.nio;

import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;

/// Paths for Unix sockets that listen on a path of the system's choice, in the directory of temporary files.
final class TemporaryPaths {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ATTEMPTS = 10;

    private TemporaryPaths() {}

    /// Returns an address whose path does not exist.
    ///
    /// @throws BindException if there is none
    static UnixDomainSocketAddress next() throws BindException {
        String directory = System.getProperty("jdk.net.unixdomain.tmpdir", System.getProperty("java.io.tmpdir"));
        try {
            for (int i = 0; i < ATTEMPTS; i++) {
                Path path = Path.of(directory, "socket_" + Long.toUnsignedString(RANDOM.nextLong()));
                if (!Files.exists(path)) {
                    return UnixDomainSocketAddress.of(path);
                }
            }
        } catch (InvalidPathException e) {
            throw (BindException) new BindException("Invalid temporary directory").initCause(e);
        }
        throw new BindException("Could not bind to temporary name");
    }
}
