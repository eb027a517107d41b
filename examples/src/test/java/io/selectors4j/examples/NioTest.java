package io.selectors4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./demo nio` in a child process, and its server with the provider of the JDK.
@Execution(ExecutionMode.CONCURRENT)
class NioTest {

    private static final int TIMEOUT_SECONDS = 60;

    @ParameterizedTest
    @ValueSource(strings = {"EPOLL", "POLL", "SELECT"})
    void program_echoesOnEveryKindOfChannel(String backend) throws Exception {
        try (DemoProcess nio = DemoProcess.start("nio", "--backend", backend)) {
            assertThat(nio.exitCode()).as("%s %s", nio.out.all(), nio.err.all()).isZero();
            assertThat(nio.err.all()).isEmpty();
            assertThat(nio.out.all())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .isEqualTo("provider  io.selectors4j.nio.SelectorsProvider, "
                                            + "set before the first use of java.nio.channels"),
                            line -> assertThat(line)
                                    .startsWith("server    uses only")
                                    .contains("[" + backend + ","),
                            line -> assertThat(line).isEqualTo("socket    the server echoed \"hello\""),
                            line -> assertThat(line).startsWith("server    now waits for a terminal and a process"),
                            line -> assertThat(line).startsWith("terminal  the server echoed \"hello\" on /dev/pts/"),
                            line -> assertThat(line).isEqualTo("child     exit status 7"),
                            line -> assertThat(line).isEqualTo("socket    the server echoed \"hello again\""));
        }
    }

    @Test
    void server_usesClassesOfTheJdkOnly() throws IOException {
        for (Class<?> type : List.of(NioEchoServer.class, NioEchoServer.Handler.class)) {
            try (InputStream file = Objects.requireNonNull(
                    type.getResourceAsStream(type.getName().replaceFirst(".*\\.", "") + ".class"))) {
                assertThat(StreamSupport.stream(
                                        ClassFile.of()
                                                .parse(file.readAllBytes())
                                                .constantPool()
                                                .spliterator(),
                                        false)
                                .filter(ClassEntry.class::isInstance)
                                .map(entry -> ((ClassEntry) entry).asInternalName()))
                        .isNotEmpty()
                        .allMatch(name -> name.startsWith("java/") || name.contains("/examples/NioEchoServer"));
            }
        }
    }

    @Test
    void server_runsOnTheProviderOfTheJdk() throws Exception {
        NioEchoServer server = new NioEchoServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try (server) {
                server.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        byte[] sent = "much of it ".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        int port = ((InetSocketAddress) server.address()).getPort();
        try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            Thread.ofPlatform().daemon().start(() -> send(client, sent));
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
        }
        server.stop();
        ended.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static void send(Socket client, byte... bytes) {
        try {
            client.getOutputStream().write(bytes);
            client.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
