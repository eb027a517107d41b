package io.selectors4j.fd;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Receives a descriptor over a Unix socket, and writes the process ID into it.
final class PassedDescriptorChild {

    private PassedDescriptorChild() {}

    /// Runs the program.
    public static void main(String[] args) throws IOException {
        String pid = "" + ProcessHandle.current().pid();
        try (SocketFd socket = SocketFd.createConnection(UnixDomainSocketAddress.of(Path.of(args[0])));
                ReceivedMessage message = new ReceivedMessage()) {
            socket.receiveMessage(new ByteBuffer[] {ByteBuffer.allocate(1)}, message, 0);
            try (Fd fd = message.takeDescriptors().getFirst()) {
                fd.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
            }
        }
        IO.println("process " + pid + " wrote");
    }
}
