package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.NativeIOException;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import io.selectors4j.tty.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The chat server in a terminal. The test is the operator.
@Timeout(240)
class ConsoleTest {

    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();
    private static final String ESC = "\u001b";

    private final StringBuilder screen = new StringBuilder();
    private PtyFd.Pair pty;
    private Termios before;
    private DemoProcess chat;

    @BeforeEach
    void start() throws Exception {
        pty = PtyFd.open();
        pty.master().setBlocking(false);
        before = Termios.of(pty.terminal());
        chat = DemoProcess.startInTerminal(pty.terminal(), "chat", "--host", "127.0.0.1", "--port", "0");
        await("> "); // the prompt
    }

    @AfterEach
    void stop() throws IOException {
        chat.close();
        pty.close();
    }

    private void type(String text) throws IOException {
        pty.master().write(UTF_8.encode(text));
    }

    /// Waits until the screen has got a text, and forgets everything up to its end.
    private String await(String text) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        int index;
        while ((index = screen.indexOf(text)) < 0) {
            assertThat(System.nanoTime() - end)
                    .as("no \"%s\" in \"%s\"", text, screen)
                    .isNegative();
            if (Await.readable(pty.master(), Duration.ofMillis(100))) {
                try {
                    pty.master().read(buffer.clear());
                } catch (NativeIOException e) {
                    throw new AssertionError("ended: " + screen + chat.err.all(), e);
                }
                screen.append(UTF_8.decode(buffer.flip()));
            }
        }
        String read = screen.substring(0, index);
        screen.delete(0, index + text.length());
        return read;
    }

    private TcpClient join() throws Exception {
        await("port ");
        TcpClient client = chat.connect(Integer.parseInt(await("\r")));
        client.receiveText("your name: ".length());
        client.send("ada\n");
        return client;
    }

    @Test
    void message_isPrintedAboveTheLine() throws Exception {
        try (TcpClient ada = join()) {
            await("* ada has joined\r\n\r> ");
            type("half a li");
            await("> half a li");
            ada.send("hello\n");
            await("ada: hello\r\n\r> half a li");
            type("ne\r");
            await("operator: half a line\r\n");
            String expected = "* welcome, ada; others: none\noperator: half a line\n";
            assertThat(ada.receiveText(expected.length())).isEqualTo(expected);
        }
    }

    @Test
    void editedCommand_isExecuted() throws Exception {
        try (TcpClient _ = join()) {
            await("* ada has joined");
            type("/wxo" + ESC + "[D\u007fh\r");
            await("connected: ada");
            type(ESC + "[A\r"); // from the history
            await("connected: ada");
        }
    }

    @Test
    void newWindowSize_drawsTheLine() throws Exception {
        type("0123456789");
        await("> 0123456789");
        Terminal.setWindowSize(pty.master(), new WindowSize(24, 10));
        await("\r123456789" + ESC + "[K"); // no room for the prompt
    }

    @Test
    void controlC_endsTheServer() throws Exception {
        type("abc\u0003");
        await("* the chat is over");
        assertThat(chat.exitCode()).isEqualTo(130);
        assertThat(Termios.of(pty.terminal())).isEqualTo(before);
    }

    @Test
    void controlD_closesTheConsoleOnly() throws Exception {
        type("\u0004");
        await("the console is closed; the chat goes on");
        assertThat(Termios.of(pty.terminal())).isEqualTo(before);
        chat.signal("TERM");
        assertThat(chat.exitCode()).isEqualTo(143);
    }
}
