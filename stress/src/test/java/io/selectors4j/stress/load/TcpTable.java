package io.selectors4j.stress.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The kernel's table of TCP sockets, proc_pid_net(5).
final class TcpTable {

    private static final String ESTABLISHED = "01";
    private static final String LISTEN = "0A";
    private static final String NO_INODE = "0";
    private static final int HEXADECIMAL = 16;

    /// A socket.
    ///
    /// @param local its address, `ADDRESS:PORT` in hexadecimal digits
    /// @param remote the peer's address
    /// @param state a number
    /// @param inode the inode of its descriptors; 0 if no process has a descriptor
    private record Socket(String local, String remote, String state, String inode) {}

    private final List<Socket> sockets = new ArrayList<>();

    private TcpTable() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/tcp"))) {
            lines.skip(1).forEach(line -> {
                String[] words = line.strip().split("\\s+", -1);
                sockets.add(new Socket(words[1], words[2], words[3], words[9]));
            });
        }
    }

    /// Reads the table.
    static TcpTable now() throws IOException {
        return new TcpTable();
    }

    /// Returns the port that a process listens on; 0 if there is none.
    static int listeningPort(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> links = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path link : links.toList()) {
                try {
                    inodes.add(Files.readSymbolicLink(link).toString());
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        }
        return now().sockets.stream()
                .filter(socket -> socket.state.equals(LISTEN) && inodes.contains("socket:[" + socket.inode + "]"))
                .mapToInt(socket -> port(socket.local))
                .findFirst()
                .orElse(0);
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEXADECIMAL);
    }

    /// Returns whether a process listens on a port.
    boolean isListening(int port) {
        return sockets.stream().anyMatch(socket -> socket.state.equals(LISTEN) && port(socket.local) == port);
    }

    /// Returns the number of accepted connections of a server whose client does not exist any more. If more clients
    /// connect than the backlog allows, the kernel keeps only a cookie. It can then see the last packet of a handshake
    /// after the reset that followed it. The server cannot detect this.
    ///
    /// @param port the server's port
    long orphans(int port) {
        Set<String> clients = new HashSet<>();
        for (Socket socket : sockets) {
            clients.add(socket.local + socket.remote);
        }
        return sockets.stream()
                .filter(socket -> port(socket.local) == port
                        && socket.state.equals(ESTABLISHED)
                        && !socket.inode.equals(NO_INODE)
                        && !clients.contains(socket.remote + socket.local))
                .count();
    }
}
