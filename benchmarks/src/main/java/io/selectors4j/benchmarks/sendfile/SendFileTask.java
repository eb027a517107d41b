package io.selectors4j.benchmarks.sendfile;

import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/// Sends a file again and again over a TCP connection of the loopback interface. Another thread of the process receives
/// and discards the bytes. The argument of a round is the number of MiB to send.
///
/// The figure is the time for one MiB, until the receiver has it.
abstract class SendFileTask implements Task {

    static final long MEBIBYTE = 1 << 20;

    /// The size of the file in MiB. It stays in the page cache.
    private static final int FILE_SIZE = 64;

    private static final int BUFFER_SIZE = 256 * 1024;

    private final Path path = Files.createTempFile("selectors4j-sendfile", "");
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final WarmUp warmUp;
    private final Thread receiver;
    private long received;
    private long expected;

    /// Creates the file and a server that receives.
    ///
    /// @param warmUpMillis the warm-up in milliseconds
    SendFileTask(String warmUpMillis) throws IOException {
        Files.write(path, new byte[(int) (FILE_SIZE * MEBIBYTE)]);
        warmUp = new WarmUp(warmUpMillis);
        receiver = Thread.ofPlatform().daemon().start(this::receive);
    }

    /// Returns the file.
    final Path path() {
        return path;
    }

    /// Returns the port to connect to.
    final int port() {
        return server.getLocalPort();
    }

    private void receive() {
        byte[] buffer = new byte[BUFFER_SIZE];
        try (Socket connection = server.accept();
                InputStream in = connection.getInputStream()) {
            for (int count = 0; count >= 0; count = in.read(buffer)) {
                addReceived(count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void addReceived(int count) {
        received += count;
        if (received >= expected) {
            notifyAll();
        }
    }

    @Override
    public String round(String... args) throws Exception {
        int count = Integer.parseInt(args[0]);
        warmUp.with(() -> run(count));
        long start = System.nanoTime();
        run(count);
        double time = System.nanoTime() - start;
        return "time=" + time / count + " sent=" + count;
    }

    private void run(int count) throws IOException, InterruptedException {
        synchronized (this) {
            expected += count * MEBIBYTE;
        }
        for (int left = count; left > 0; left -= FILE_SIZE) {
            long size = Math.min(left, FILE_SIZE) * MEBIBYTE;
            for (long sent = 0; sent < size; ) {
                sent += send(sent, size - sent);
            }
        }
        synchronized (this) {
            while (received < expected) {
                wait();
            }
        }
    }

    /// Sends a part of the file.
    ///
    /// @return the number of bytes sent
    abstract long send(long position, long count) throws IOException;

    @Override
    public void close() throws IOException {
        server.close();
        Files.delete(path);
        receiver.interrupt();
    }
}
