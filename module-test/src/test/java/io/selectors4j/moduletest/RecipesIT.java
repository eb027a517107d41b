package io.selectors4j.moduletest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.Fd;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.WindowSize;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the programs of the cookbook.
@Tag("ci")
class RecipesIT {

    private static final int TIMEOUT_MILLIS = 50_000;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    static Path classes;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws Exception {
        Recipe.compile(classes);
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), UTF_8);
    }

    @Test
    void stdinFromPipe_reachesTheSocket() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                Recipe client =
                        Recipe.start(classes, "StdinAndSocket", LOOPBACK.getHostAddress(), "" + server.getLocalPort());
                Socket accepted = server.accept()) {
            accepted.setSoTimeout(TIMEOUT_MILLIS);
            accepted.getOutputStream().write("from the server\n".getBytes(UTF_8));
            assertThat(client.line()).isEqualTo("from the server");
            client.type("from the keyboard\n");
            assertThat(read(accepted, 18)).isEqualTo("from the keyboard\n");
            client.process().getOutputStream().close();
            assertThat(read(accepted, 1)).isEmpty();
            accepted.getOutputStream().write("the end\n".getBytes(UTF_8));
            accepted.shutdownOutput();
            assertThat(client.end()).containsExactly("the end");
        }
    }

    @Test
    void stdinFromFile_reachesTheSocket() throws Exception {
        Path file = Files.writeString(directory.resolve("input"), "a line\n");
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                Recipe client = Recipe.start(new ProcessBuilder(Recipe.command(
                                classes, "StdinAndSocket", LOOPBACK.getHostAddress(), "" + server.getLocalPort()))
                        .redirectInput(file.toFile()));
                Socket accepted = server.accept()) {
            accepted.setSoTimeout(TIMEOUT_MILLIS);
            assertThat(read(accepted, 100)).isEqualTo("a line\n");
            accepted.shutdownOutput();
            assertThat(client.end()).isEmpty();
        }
    }

    @Test
    void childThatExits_isReported() throws Exception {
        try (Recipe recipe =
                Recipe.start(classes, "ChildTimeout", "40", "sh", "-c", "echo out; echo err >&2; exit 3")) {
            assertThat(recipe.end()).containsExactly("out", "err", "exit value 3");
        }
    }

    @Test
    void childThatTakesTooLong_isKilled() throws Exception {
        try (Recipe recipe = Recipe.start(classes, "ChildTimeout", "1", "sh", "-c", "echo out; sleep 100; echo late")) {
            assertThat(recipe.end()).containsExactly("out", "timeout", "exit value 143");
        }
    }

    @Test
    void keysAndWindowSize_arePrinted() throws Exception {
        try (PtyFd.Pair pty = PtyFd.open()) {
            Terminal.setWindowSize(pty.master(), new WindowSize(24, 80));
            Process process = new ProcessBuilder(Recipe.command(classes, "RawKeys"))
                    .redirectInput(pty.terminal().redirectFrom())
                    .redirectOutput(pty.terminal().redirectTo())
                    .redirectError(pty.terminal().redirectTo())
                    .start();
            try (Recipe recipe = new Recipe(
                    process, new BufferedReader(new InputStreamReader(Channels.newInputStream(pty.master()), UTF_8)))) {
                assertThat(recipe.line()).contains("80");
                type(pty.master(), "a");
                assertThat(recipe.line()).isEqualTo("key a");
                Terminal.setWindowSize(pty.master(), new WindowSize(30, 100));
                new ProcessBuilder("kill", "-WINCH", "" + process.pid()).start().waitFor();
                assertThat(recipe.line()).contains("100");
                type(pty.master(), "\u0003\u001b[1;5Aéq");
                assertThat(recipe.line()).isEqualTo("key Control-c");
                assertThat(recipe.line()).isEqualTo("key Control-UP");
                assertThat(recipe.line()).isEqualTo("key é");
                assertThat(recipe.line()).isEqualTo("key q");
                assertThat(process.waitFor()).isZero();
            }
        }
    }

    private static void type(Fd terminal, String keys) throws IOException {
        terminal.write(UTF_8.encode(keys));
    }

    @Test
    void changedFile_isReloaded() throws Exception {
        Path file = Files.writeString(directory.resolve("answer"), "first");
        try (Recipe server = Recipe.start(classes, "UdpReload", file.toString(), "0");
                DatagramSocket client = new DatagramSocket()) {
            client.connect(LOOPBACK, server.port());
            client.setSoTimeout(TIMEOUT_MILLIS);
            assertThat(ask(client)).isEqualTo("first");
            Path other = Files.writeString(directory.resolve("other"), "second");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            assertThat(server.line()).isEqualTo("reloaded");
            assertThat(ask(client)).isEqualTo("second");
        }
    }

    private static String ask(DatagramSocket client) throws IOException {
        client.send(new DatagramPacket(new byte[1], 1));
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        client.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), UTF_8);
    }

    /// A mount changes the mount table of a child process in a mount namespace of its own.
    @Test
    void changedAttribute_isReadAgain() throws Exception {
        String mount = "echo ready; read line; mount -t tmpfs selectors4j-attribute " + directory + "; read line";
        List<String> unshare = "root".equals(System.getProperty("user.name"))
                ? List.of("unshare", "--mount", "sh", "-c", mount)
                : List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount);
        Process child = new ProcessBuilder(unshare).redirectErrorStream(true).start();
        try (BufferedReader output = child.inputReader(UTF_8)) {
            assertThat(output.readLine()).isEqualTo("ready");
            try (Recipe recipe = Recipe.start(classes, "Attribute", "/proc/" + child.pid() + "/mounts")) {
                assertThat(recipe.line()).doesNotContain("selectors4j-attribute");
                child.outputWriter().write('\n');
                child.outputWriter().flush();
                List<String> lines = new ArrayList<>();
                do {
                    lines.add(recipe.line());
                } while (!lines.getLast().startsWith("selectors4j-attribute " + directory));
                assertThat(lines).containsOnlyOnce("changed");
            }
        } finally {
            child.outputWriter().close();
            child.destroy();
        }
    }

    @Test
    void addressThatRefuses_isPassedOver() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                Recipe client =
                        Recipe.start(classes, "HappyEyeballs", "" + server.getLocalPort(), "127.0.0.2", "127.0.0.1")) {
            assertThat(client.end()).containsExactly("connected to /127.0.0.1:" + server.getLocalPort());
        }
    }

    @Test
    void addressThatDoesNotAnswer_isPassedOver() throws Exception {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                ServerSocket full = new ServerSocket(
                        server.getLocalPort(), 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 2}))) {
            for (int i = 0; i < 4; i++) { // a full queue: the kernel ignores further connects
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
            }
            try (Recipe client =
                    Recipe.start(classes, "HappyEyeballs", "" + server.getLocalPort(), "127.0.0.2", "127.0.0.1")) {
                assertThat(client.end()).containsExactly("connected to /127.0.0.1:" + server.getLocalPort());
            }
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void clientOfUnixSocket_isNamed() throws Exception {
        Path path = directory.resolve("socket");
        try (Recipe server = Recipe.start(classes, "UnixSocket", path.toString())) {
            assertThat(server.line()).isEqualTo("listening on " + path);
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                String text = new String(Channels.newInputStream(client).readAllBytes(), UTF_8);
                Object user = Files.getAttribute(directory, "unix:uid");
                assertThat(text)
                        .isEqualTo("you are process " + ProcessHandle.current().pid() + " of user " + user + "\n");
            }
        }
    }

    @Test
    void channelOfTheJdk_worksBesideATimer() throws Exception {
        try (Recipe server = Recipe.start(classes, "JdkChannelsBeside", "0");
                SocketChannel client = SocketChannel.open(new InetSocketAddress(LOOPBACK, server.port()))) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            client.read(buffer);
            assertThat(UTF_8.decode(buffer.flip()).toString()).matches("(\\d+ ticks\n)+");
        }
    }

    @Test
    void tasksOfAnotherThread_runOnTheSelectingThread() throws Exception {
        try (Recipe recipe = Recipe.start(classes, "TaskQueue")) {
            assertThat(recipe.end()).containsExactly("task 1 on main", "task 2 on main", "task 3 on main");
        }
    }

    @Test
    void service_reloadsAndStopsOnSignals() throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP")); // nohup ignores it
        command.addAll(Recipe.command(classes, "Service"));
        try (Recipe service = Recipe.start(new ProcessBuilder(command).redirectInput(new File("/dev/null")))) {
            assertThat(service.line()).isEqualTo("ready");
            new ProcessBuilder("kill", "-HUP", "" + service.process().pid())
                    .start()
                    .waitFor();
            assertThat(service.line()).isEqualTo("reloading");
            service.process().toHandle().destroy();
            assertThat(service.end()).containsExactly("stopping");
        }
    }
}
