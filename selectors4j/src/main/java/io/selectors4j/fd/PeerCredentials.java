package io.selectors4j.fd;

import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.Ucred;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import java.io.IOException;

/// The credentials of the process at the other end of a Unix socket: [SocketFd#peerCredentials]. Source: unix(7),
/// SO_PEERCRED.
///
/// @param pid the process ID; 0 if it is unknown or belongs to another PID namespace
/// @param uid the effective user ID, unsigned: -1 if it is unknown
/// @param gid the effective group ID, unsigned: -1 if it is unknown
public record PeerCredentials(int pid, int uid, int gid) {

    /// Returns the credentials of the peer of a socket.
    static PeerCredentials of(int fd) throws IOException {
        LinuxOnly.require("SO_PEERCRED");
        Ints ucred = new Ints(0, -1, -1);
        SocketOptions.get(fd, Constants.SOL_SOCKET, Constants.SO_PEERCRED, "SO_PEERCRED", ucred, Ucred.SIZE);
        return new PeerCredentials(ucred.get(Ucred.PID), ucred.get(Ucred.UID), ucred.get(Ucred.GID));
    }
}
