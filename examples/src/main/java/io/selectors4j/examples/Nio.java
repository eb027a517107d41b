package io.selectors4j.examples;

import io.selectors4j.fd.PidFd;
import io.selectors4j.nio.FdChannel;
import io.selectors4j.nio.SelectorsProvider;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.RawMode;
import io.selectors4j.tty.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// Runs [NioEchoServer], a program for `java.nio.channels`, with the selectors and sockets of [SelectorsProvider]. Then
/// the server's selector also waits for a terminal and a child process, which the JDK's selectors do not take.
final class Nio {

    private static final String PROVIDER_PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static final String BACKEND_PROPERTY = "io.selectors4j.nio.backend";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final NioEchoServer server;
    private final Transcript out;

    private Nio(NioEchoServer server, Transcript out) {
        this.server = server;
        this.out = out;
    }

    static void run(Settings settings) throws IOException {
        settings.backend().ensureAvailable();
        useProvider(settings.backend().name());
        NioEchoServer server = new NioEchoServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Nio nio = new Nio(server, settings.out());
        nio.print("provider", SelectorsProvider.class.getName() + ", set before the first use of java.nio.channels");
        nio.print("server", "uses only java.nio.channels, and got " + server.selector());
        Future<?> serving = nio.startServer();
        try {
            nio.useServer();
            server.stop();
            ServerAndClients.await("the server", serving, TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Sets the system properties that a program which is not changed gets on its command line:
    /// `-Djava.nio.channels.spi.SelectorProvider=io.selectors4j.nio.SelectorsProvider`. The first use of
    /// `java.nio.channels` reads them.
    private static void useProvider(String backend) throws IOException {
        System.setProperty(PROVIDER_PROPERTY, SelectorsProvider.class.getName());
        System.setProperty(BACKEND_PROPERTY, backend);
        if (!(SelectorProvider.provider() instanceof SelectorsProvider)) {
            throw new IOException("the provider of java.nio.channels was chosen before: "
                    + SelectorProvider.provider().getClass().getName());
        }
    }

    private Future<?> startServer() {
        FutureTask<?> serving = new FutureTask<>(() -> {
            try (server) { // after a failure too, so that no client waits forever
                server.run();
            }
            return null;
        });
        Thread.ofPlatform().daemon().name("server").start(serving);
        return serving;
    }

    private void useServer() throws IOException, InterruptedException {
        try (SocketChannel socket = SocketChannel.open(server.address());
                PtyFd.Pair pty = PtyFd.open();
                RawMode _ = Terminal.rawMode(pty.terminal())) { // otherwise the terminal itself echoes
            print("socket", "the server echoed " + echo(socket, "hello"));

            server.serve(FdChannel.open(pty.terminal()));
            Process process = new ProcessBuilder("sh", "-c", "read line; exit 7").start();
            Future<Integer> exitStatus = exitStatus(process);
            server.selector().wakeup(); // the select in progress does not wait for the new channels
            print("server", "now waits for a terminal and a process too");

            print(
                    "terminal",
                    "the server echoed " + echo(pty.master(), "hello") + " on "
                            + pty.master().path());
            process.getOutputStream().close();
            print("child", "exit status " + ServerAndClients.await("the child", exitStatus, TIMEOUT));
            print("socket", "the server echoed " + echo(socket, "hello again"));
        }
    }

    /// Registers a process with the server's selector.
    ///
    /// @return completed with the exit status by the selecting thread
    private Future<Integer> exitStatus(Process process) throws IOException {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        PidFd pidfd = PidFd.of(process);
        FdChannel channel = FdChannel.open(pidfd);
        NioEchoServer.Handler handler = _ -> {
            status.complete(pidfd.exitValue().orElseThrow());
            channel.close();
        };
        channel.configureBlocking(false);
        channel.register(server.selector(), SelectionKey.OP_READ, handler);
        return status;
    }

    /// Sends a text, and receives as many bytes.
    private static String echo(ByteChannel channel, String text) throws IOException {
        ByteBuffer sent = StandardCharsets.US_ASCII.encode(text);
        ByteBuffer received = ByteBuffer.allocate(sent.remaining());
        channel.write(sent);
        while (received.hasRemaining()) {
            if (channel.read(received) < 0) {
                throw new IOException("the server has closed " + channel);
            }
        }
        return Text.of(received.flip());
    }

    private void print(String name, String result) {
        out.line("%-9s %s".formatted(name, result));
    }
}
