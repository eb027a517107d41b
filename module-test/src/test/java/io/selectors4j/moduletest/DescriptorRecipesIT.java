package io.selectors4j.moduletest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.NativeIOException;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.WindowSize;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the programs of the cookbook with child processes, terminals, and descriptors that are passed or copied.
@Tag("ci")
class DescriptorRecipesIT {

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

    @Test
    void endedServer_isStartedAgain() throws Exception {
        Path second = directory.resolve("second");
        String server = "[ -S /proc/self/fd/3 ] && echo socket; [ -e " + second + " ] && exec sleep 100; touch "
                + second + "; exit 3";
        try (Recipe supervisor = Recipe.start(classes, "Supervisor", "0", "sh", "-c", server)) {
            supervisor.port();
            assertThat(supervisor.line()).isEqualTo("socket");
            assertThat(supervisor.line()).isEqualTo("ended with exit value 3");
            assertThat(supervisor.line()).isEqualTo("socket");
            supervisor.process().toHandle().destroy(); // SIGTERM
            assertThat(supervisor.end()).containsExactly("ended with exit value 143");
        }
    }

    @Test
    void shellInATerminal_isTypedTo() throws Exception {
        try (Recipe recipe = Recipe.start(classes, "RunInTerminal", "sh")) {
            recipe.type("tty; stty size; exit 5\n");
            assertThat(String.join("\n", recipe.end()))
                    .containsPattern("/dev/pts/\\d+")
                    .contains("24 80")
                    .endsWith("exit value 5");
        }
    }

    @Test
    void endOfTheInput_endsTheShell() throws Exception {
        try (Recipe recipe = Recipe.start(classes, "RunInTerminal", "sh", "-c", "cat; exit 6")) {
            recipe.process().getOutputStream().close();
            assertThat(recipe.end()).endsWith("exit value 6");
        }
    }

    @Test
    void prompt_editsLines() throws Exception {
        try (PtyFd.Pair pty = PtyFd.open()) {
            Terminal.setWindowSize(pty.master(), new WindowSize(24, 80));
            Process process = new ProcessBuilder(Recipe.command(classes, "Prompt"))
                    .redirectInput(pty.terminal().redirectFrom())
                    .redirectOutput(pty.terminal().redirectTo())
                    .redirectErrorStream(true)
                    .start();
            try {
                StringBuilder screen = new StringBuilder();
                await(pty.master(), screen, "> ");
                type(pty.master(), "helo\u001b[Dl\r"); // the cursor moves to the left of the o
                await(pty.master(), screen, "the command is hello");
                type(pty.master(), "\u001b[A!\r"); // the last line again
                await(pty.master(), screen, "the command is hello!");
                type(pty.master(), "\u0003");
                assertThat(process.waitFor()).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static void type(PtyFd master, String keys) throws IOException {
        master.write(UTF_8.encode(keys));
    }

    /// Reads the screen up to a text, and forgets it.
    private static void await(PtyFd master, StringBuilder screen, String text) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (screen.indexOf(text) < 0) {
            try {
                master.read(buffer.clear());
            } catch (NativeIOException e) {
                throw new AssertionError(screen.toString(), e);
            }
            screen.append(UTF_8.decode(buffer.flip()));
        }
        screen.delete(0, screen.indexOf(text) + text.length());
    }

    @Test
    void passedFile_isPrinted() throws Exception {
        Path socket = directory.resolve("socket");
        Path file = Files.writeString(directory.resolve("secret"), "a line\nanother line\n");
        try (Recipe server = Recipe.start(classes, "PassFile", socket.toString(), file.toString())) {
            assertThat(server.line()).isEqualTo("listening on " + socket);
            try (Recipe client = Recipe.start(classes, "ReceiveFile", socket.toString())) {
                assertThat(client.end()).containsExactly("secret", "a line", "another line");
                assertThat(server.line())
                        .startsWith("process " + client.process().pid() + " of user ");
            }
        }
    }

    @Test
    void datagrams_areSentBack() throws Exception {
        try (Recipe server = Recipe.start(classes, "UdpEcho", "0");
                DatagramSocket client = new DatagramSocket()) {
            client.connect(LOOPBACK, server.port());
            client.setSoTimeout(TIMEOUT_MILLIS);
            for (int i = 0; i < 10; i++) {
                client.send(new DatagramPacket(new byte[] {(byte) i}, 1));
            }
            for (int i = 0; i < 10; i++) {
                DatagramPacket answer = new DatagramPacket(new byte[100], 100);
                client.receive(answer);
                assertThat(Arrays.copyOf(answer.getData(), answer.getLength())).containsExactly(i);
            }
        }
    }

    @Test
    void file_isSentToEachClient() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(directory.resolve("file"), bytes);
        try (Recipe server = Recipe.start(classes, "FileToSocket", file.toString(), "0")) {
            int port = server.port();
            for (int i = 0; i < 2; i++) {
                try (Socket client = new Socket(LOOPBACK, port)) {
                    client.setSoTimeout(TIMEOUT_MILLIS);
                    assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
                }
            }
        }
    }
}
