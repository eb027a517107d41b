package io.selectors4j.fd;

import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.SockAddr;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// What makes something of the kernel's bytes in this package, for tests in another one.
public final class FdBytes {

    private FdBytes() {}

    /// The address in a struct that came from a socket.
    public static SocketAddress address(SockAddr sockaddr, int domain) {
        return SocketDomains.decode(sockaddr, domain);
    }

    /// The name of a file.
    public static Path name(byte[] name) {
        return PathNames.decode(name);
    }

    /// A path as a system call takes it.
    public static CString path(Path path) {
        return PathNames.encode(path);
    }

    /// What an [InotifyTree] makes of events, with watches on a descriptor of inotify that nobody reads.
    public static final class Tree {

        private final WatchedTree tree;

        public Tree(int fd, Path root, int mask) throws IOException {
            tree = new WatchedTree(fd, root, mask);
        }

        public List<TreeEvent> process(InotifyBuffer buffer, int count) throws IOException {
            return tree.process(buffer, count);
        }

        public boolean isGone() {
            return tree.isGone();
        }

        public Set<Path> directories() {
            return tree.directories();
        }
    }
}
