package io.selectors4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The chat server in a child process, with telnet, nc and other clients.
@Execution(ExecutionMode.CONCURRENT)
class ChatTest {

    private static final String NAME_PROMPT = "your name: ";
    private static final ProcessBuilder.Redirect KEYBOARD = ProcessBuilder.Redirect.PIPE;
    private static final ProcessBuilder.Redirect DEV_NULL = ProcessBuilder.Redirect.from(new File("/dev/null"));

    private static DemoProcess start(ProcessBuilder.Redirect input) throws Exception {
        return DemoProcess.startReading(input, "chat", "--host", "127.0.0.1", "--port", "0");
    }

    private static int port(DemoProcess chat) {
        return chat.port(Programs.named("chat"));
    }

    private static void expect(TcpClient client, String text) throws Exception {
        assertThat(client.receiveText(text.length())).isEqualTo(text);
    }

    private static void expectEnd(TcpClient client) throws Exception {
        assertThat(client.receiveText(100)).isEmpty();
    }

    private static TcpClient join(DemoProcess chat, String name, String others) throws Exception {
        TcpClient client = chat.connect(port(chat));
        expect(client, NAME_PROMPT);
        client.send(name + "\n");
        expect(client, "* welcome, " + name + "; others: " + others + "\n");
        return client;
    }

    @Test
    void line_goesToAllOthers() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none");
                TcpClient bob = join(chat, "bob", "ada");
                TcpClient eve = join(chat, "eve", "ada, bob")) {
            expect(ada, "* bob has joined\n* eve has joined\n");
            expect(bob, "* eve has joined\n");
            ada.send("hello\nis anybo");
            expect(bob, "ada: hello\n");
            expect(eve, "ada: hello\n");
            ada.send("dy there?\n\n \n");
            expect(bob, "ada: is anybody there?\n");
            bob.send("yes\n");
            expect(ada, "bob: yes\n");
            expect(eve, "ada: is anybody there?\nbob: yes\n");
            bob.hangUp();
            expect(ada, "* bob has left\n");
            expect(eve, "* bob has left\n");
            chat.out.await("* bob has left"); // printed after it was sent to the clients
            assertThat(chat.out.all())
                    .containsSubsequence(
                            "type a message, or /who, /kick NAME, /quit",
                            "connection from " + ada.address,
                            "* ada has joined",
                            "ada: hello",
                            "ada: is anybody there?",
                            "bob: yes",
                            "* bob has left");
        }
    }

    @Test
    void name_isUniqueAndTheAddressByDefault() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none");
                TcpClient client = chat.connect(port(chat));
                TcpClient other = chat.connect(port(chat))) {
            expect(client, NAME_PROMPT);
            expect(other, NAME_PROMPT);
            for (String taken : new String[] {"ada", " ada ", "Operator", other.address}) {
                client.send(taken + "\n");
                expect(client, "this name is taken\n" + NAME_PROMPT);
            }
            client.send("x".repeat(33) + "\n");
            expect(client, "a name has at most 32 characters\n" + NAME_PROMPT);
            client.send("\nI have none\n");
            expect(client, "* welcome, " + client.address + "; others: ada\n");
            expect(ada, "* " + client.address + " has joined\n" + client.address + ": I have none\n");
            client.hangUp();
            expect(ada, "* " + client.address + " has left\n");
            other.hangUp(); // has no name: the others are not notified
            chat.out.await(other.address + " has left");
            assertThat(join(chat, "bob", "ada").socket.isOpen()).isTrue();
            expect(ada, "* bob has joined\n");
        }
    }

    @Test
    void telnetClient_getsItsOwnLineEnds() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient nc = join(chat, "nc", "none");
                TcpClient telnet = chat.connect(port(chat))) {
            expect(telnet, NAME_PROMPT);
            telnet.send("\u00ff\u00fd\u0003\u00ff\u00fb\u0018tel");
            telnet.send("net\r\n\u00ff");
            expect(telnet, "* welcome, telnet; others: nc\r\n");
            telnet.send("\u00fb\u001fhello\r\n");
            expect(nc, "* telnet has joined\ntelnet: hello\n");
            nc.send("hello yourself\n");
            expect(telnet, "nc: hello yourself\r\n");
        }
    }

    @Test
    void lastLineWithoutLineEnd_isDelivered() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none");
                TcpClient bob = chat.connect(port(chat))) {
            bob.send("bob\ngood ni");
            bob.send("ght");
            bob.socket.shutdownOutput();
            expect(ada, "* bob has joined\nbob: good night\n* bob has left\n");
            expect(bob, NAME_PROMPT + "* welcome, bob; others: ada\n");
            expectEnd(bob);
        }
    }

    @Test
    void longLine_isTruncated() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none");
                TcpClient bob = join(chat, "bob", "ada")) {
            bob.send("x".repeat(100_000) + "\nshort\n");
            expect(ada, "* bob has joined\nbob: " + "x".repeat(1000) + "\nbob: short\n");
        }
    }

    @Test
    void resetClient_isReportedAsLost() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none");
                TcpClient bob = join(chat, "bob", "ada")) {
            bob.reset();
            expect(ada, "* bob has joined\n* bob is lost after recv(fd=");
        }
    }

    @Tag("ci")
    @Test
    void clientThatDoesNotRead_isDisconnected() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none");
                TcpClient sleeper = join(chat, "sleeper", "ada")) {
            sleeper.socket.setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
            AtomicBoolean dropped = new AtomicBoolean();
            FutureTask<Void> shouting = inBackground(() -> {
                while (!dropped.get()) {
                    ada.send("x".repeat(999) + "\n");
                }
                return null;
            });
            expect(ada, "* sleeper has joined\n* sleeper is disconnected: it does not read\n");
            dropped.set(true);
            shouting.get(120, TimeUnit.SECONDS);
            try (TcpClient bob = join(chat, "bob", "ada")) {
                expect(ada, "* bob has joined\n");
                bob.send("what was that?\n");
                expect(ada, "bob: what was that?\n");
            }
            chat.out.await("* sleeper is disconnected: it does not read");
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /// The replies to a client without a name are bounded as well.
    @Tag("ci")
    @Test
    void clientThatDoesNotReadReplies_isDisconnected() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient client = chat.connect(port(chat))) {
            client.socket.setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
            FutureTask<Void> shouting = inBackground(() -> {
                while (client.socket.isOpen()) {
                    client.send("operator\n".repeat(1000));
                }
                return null;
            });
            chat.out.await(client.address + " is disconnected: it does not read");
            assertThatThrownBy(() -> shouting.get(120, TimeUnit.SECONDS)).hasCauseInstanceOf(NativeIOException.class);
            assertThat(join(chat, "ada", "none").socket.isOpen()).isTrue();
        }
    }

    @Test
    void operator_sendsMessagesAndCommands() throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none");
                TcpClient bob = join(chat, "bob", "ada");
                TcpClient shy = chat.connect(port(chat))) {
            expect(ada, "* bob has joined\n");
            expect(shy, NAME_PROMPT);
            chat.type("good mor");
            chat.type("ning\n\n/who\n");
            expect(ada, "operator: good morning\n");
            expect(bob, "operator: good morning\n");
            chat.out.await("connected: ada, bob, " + shy.address);

            chat.type("/kick eve\n/kick  bob \r\n/jump\n");
            expect(ada, "* bob was kicked\n");
            expect(bob, "* the operator has kicked you\n");
            expectEnd(bob);
            chat.out.await("no client is named eve");
            chat.out.awaitMany("help", line -> line.startsWith("type a message"), 2);

            chat.type("/kick " + shy.address + "\n");
            expect(shy, "* the operator has kicked you\n");
            expectEnd(shy);

            chat.type("bye\n/quit\nnever said\n");
            expect(ada, "operator: bye\n* the chat is over\n");
            expectEnd(ada);
            assertThat(chat.exitCode()).isZero();
            assertThat(chat.err.all()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void closedConsole_chatContinuesUntilSignal(String signal, int code) throws Exception {
        try (DemoProcess chat = start(KEYBOARD);
                TcpClient ada = join(chat, "ada", "none")) {
            chat.type("my last wor");
            chat.type("ds");
            chat.endInput();
            expect(ada, "operator: my last words\n");
            chat.out.await("the console is closed; the chat goes on");
            try (TcpClient bob = join(chat, "bob", "ada")) {
                expect(ada, "* bob has joined\n");
                chat.signal(signal);
                assertThat(chat.exitCode()).isEqualTo(code);
                expect(ada, "* the chat is over\n");
                expect(bob, "* the chat is over\n");
                expectEnd(bob);
            }
            assertThat(chat.err.all()).isEmpty();
            // The port is free again.
            SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port(chat)), 1)
                    .close();
        }
    }

    @Test
    void stdinOfAService_isAClosedConsole() throws Exception {
        try (DemoProcess chat = start(DEV_NULL);
                TcpClient ada = join(chat, "ada", "none")) {
            chat.out.await("the console is closed; the chat goes on");
            chat.signal("TERM");
            expect(ada, "* the chat is over\n");
            assertThat(chat.exitCode()).isEqualTo(143);
        }
    }
}
