package io.selectors4j.nio;

import io.selectors4j.fd.PeerCredentials;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipalLookupService;
import jdk.net.UnixDomainPrincipal;

/// Converts the numbers of a user and a group to the principals of `java.nio.file`.
final class Principals {

    /// The user and the group of a socket without a peer.
    private static final int NOBODY = -1;

    private Principals() {}

    /// Returns the principals of a peer. The JDK has no public lookup by number, so they are those of the peer's
    /// directory in `/proc`, which have names; if that is another user's, or is gone, they are found by the numbers,
    /// which then are the names.
    ///
    /// @throws SocketException if the socket is not connected, so that it has no peer
    static UnixDomainPrincipal of(PeerCredentials peer) throws IOException {
        if (peer.uid() == NOBODY) {
            throw new SocketException("get SO_PEERCRED failed");
        }
        Path process = Path.of("/proc", Integer.toString(peer.pid()));
        try {
            if (Files.getAttribute(process, "unix:uid").equals(peer.uid())
                    && Files.getAttribute(process, "unix:gid").equals(peer.gid())) {
                PosixFileAttributes attributes = Files.readAttributes(process, PosixFileAttributes.class);
                return new UnixDomainPrincipal(attributes.owner(), attributes.group());
            }
        } catch (IOException e) {
            // the process has ended, or /proc is not mounted
        }
        UserPrincipalLookupService lookup = FileSystems.getDefault().getUserPrincipalLookupService();
        return new UnixDomainPrincipal(
                lookup.lookupPrincipalByName(Integer.toString(peer.uid())),
                lookup.lookupPrincipalByGroupName(Integer.toString(peer.gid())));
    }
}
