package io.selectors4j.examples;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.fd.SignalFd;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A chat server for telnet and nc. One selector waits for the clients, for the standard input of the operator, and for
/// the signals that end the server. The data of each key is a callback.
///
/// In a terminal, the operator edits a line, and the conversation is printed above it.
///
/// A client that does not read is disconnected when its queue is full, so it does not delay the others.
final class Chat {

    /// The data of a key: called when its descriptor is ready.
    private interface Callback {
        void ready(Readiness readiness) throws IOException;
    }

    /// A line for all clients.
    ///
    /// @param author the client that does not receive it, or null
    private record Message(String text, @Nullable ChatClient author) {}

    private static final String OPERATOR = "operator";
    private static final String HELP = "type a message, or /who, /kick NAME, /quit";
    private static final String NAME_PROMPT = "your name: ";
    private static final int MAX_NAME_LENGTH = 32;
    private static final int INTERRUPTED = 130; // as after SIGINT

    private final Console out;
    private final Listener server;
    private final SignalFd signals;
    private final Selector<Callback> selector;
    private final Set<ChatClient> clients = new LinkedHashSet<>();

    /// The messages to deliver. Delivery can disconnect a client, which adds a message.
    private final Queue<Message> messages = new ArrayDeque<>();

    private OptionalInt exitCode = OptionalInt.empty();

    private Chat(Listener server, SignalFd signals, Selector<Callback> selector, Console out) {
        this.server = server;
        this.signals = signals;
        this.selector = selector;
        this.out = out;
    }

    static int run(Settings settings) throws IOException {
        try (SignalFd signals = SignalFd.open("SIGINT", "SIGTERM");
                Console console = Console.open(settings.out(), ChatClient.MAX_LINE_LENGTH);
                Listener server = settings.withOut(console).listen(100, "chat on " + settings.host() + " port ");
                Selector<Callback> selector = Selector.open()) {
            return new Chat(server, signals, selector, console).loop();
        }
    }

    private int loop() throws IOException {
        selector.register(signals, Interest.READ, _ -> exitCode = OptionalInt.of(ExitCode.readFrom(signals)));
        selector.register(server, Interest.READ, this::accept);
        openConsole();
        while (exitCode.isEmpty()) {
            int ready = selector.select(out.timeout(), (key, readiness) -> {
                key.data().ready(readiness);
                deliver();
            });
            if (ready == 0) {
                out.timedOut();
            }
        }
        broadcast("* the chat is over", null);
        deliver();
        return exitCode.getAsInt();
    }

    private void accept(Readiness readiness) throws IOException {
        Connection connection = server.accept();
        if (connection != null) {
            out.line("connection from " + connection);
            ChatClient client = new ChatClient(connection);
            clients.add(client);
            selector.register(connection, Interest.READ, ready -> serve(client, ready));
            send(client, NAME_PROMPT);
        } else if (server.isFull()) {
            selector.modify(server, Interest.NONE, this::accept);
        }
    }

    private void serve(ChatClient client, Readiness readiness) throws IOException {
        try {
            if (readiness.isReadable()) {
                for (String line : client.receive()) {
                    process(client, line);
                }
            }
            send(client);
            if (client.connection().hasEnded()) {
                disconnect(client, "has left");
            }
        } catch (IOException e) { // the connection is lost; the server continues
            disconnect(client, "is lost after " + e.getMessage());
        }
    }

    private void process(ChatClient client, String line) throws IOException {
        if (!client.isNamed()) {
            name(client, line.strip());
        } else if (!line.isBlank()) {
            broadcast(client + ": " + line, client);
        }
    }

    private void name(ChatClient client, String typed) throws IOException {
        String name = typed.isEmpty() ? client.toString() : typed;
        ChatClient owner = find(name);
        if (typed.length() > MAX_NAME_LENGTH) {
            send(client, "a name has at most " + MAX_NAME_LENGTH + " characters" + client.lineEnd() + NAME_PROMPT);
        } else if (name.equalsIgnoreCase(OPERATOR) || (owner != null && !owner.equals(client))) {
            send(client, "this name is taken" + client.lineEnd() + NAME_PROMPT);
        } else {
            String others = names(clients.stream().filter(ChatClient::isNamed));
            client.setName(name);
            send(client, "* welcome, " + name + "; others: " + others + client.lineEnd());
            broadcast("* " + name + " has joined", client);
        }
    }

    private @Nullable ChatClient find(String name) {
        for (ChatClient client : clients) {
            if (client.toString().equals(name)) {
                return client;
            }
        }
        return null;
    }

    private static String names(Stream<ChatClient> clients) {
        String names = clients.map(ChatClient::toString).collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    /// Queues a line for all clients but the author.
    private void broadcast(String text, @Nullable ChatClient author) {
        messages.add(new Message(text, author));
    }

    private void deliver() throws IOException {
        while (!messages.isEmpty()) {
            Message message = messages.remove();
            out.line(message.text());
            for (ChatClient client : List.copyOf(clients)) {
                if (client.isNamed() && !client.equals(message.author())) {
                    send(client, message.text() + client.lineEnd());
                }
            }
        }
    }

    private void send(ChatClient client, String text) throws IOException {
        if (client.isFull()) {
            disconnect(client, "is disconnected: it does not read");
            return;
        }
        client.put(text);
        try {
            send(client);
        } catch (IOException e) {
            disconnect(client, "is lost after " + e.getMessage());
        }
    }

    /// Sends queued text as far as the socket has room for it. The rest is sent when the connection is writable.
    private void send(ChatClient client) throws IOException {
        if (clients.contains(client)) {
            client.send();
            Connection connection = client.connection();
            Interest write = connection.hasOutput() ? Interest.WRITE : Interest.NONE;
            Callback callback = selector.getKey(connection).data();
            selector.modify(connection, Interest.READ.or(write), callback);
        }
    }

    /// Closes a connection, unless it is closed already.
    private void disconnect(ChatClient client, String reason) throws IOException {
        if (clients.remove(client)) {
            selector.unregister(client.connection());
            client.connection().close();
            selector.modify(server, Interest.READ, this::accept);
            if (client.isNamed()) {
                broadcast("* " + client + " " + reason, null);
            } else {
                out.line(client + " " + reason);
            }
        }
    }

    /// Registers the standard input. That of a service is `/dev/null`, whose end is the end of the console.
    private void openConsole() throws IOException {
        selector.register(out.input(), Interest.READ, _ -> execute());
        Pollable redraw = out.redraw();
        if (redraw != null) {
            selector.register(redraw, Interest.READ, _ -> out.draw());
        }
        out.line(HELP);
    }

    private void execute() throws IOException {
        for (String command : out.read()) {
            if (exitCode.isEmpty()) {
                execute(command);
            }
        }
        if (out.isInterrupted()) {
            exitCode = OptionalInt.of(INTERRUPTED);
        } else if (!out.end().isEmpty()) {
            out.close();
            out.line(out.end() + "; the chat goes on");
        }
    }

    private void execute(String command) throws IOException {
        if (command.equals("/quit")) {
            exitCode = OptionalInt.of(0);
        } else if (command.equals("/who")) {
            out.line("connected: " + names(clients.stream()));
        } else if (command.startsWith("/kick ")) {
            kick(command.substring("/kick ".length()).strip());
        } else if (command.startsWith("/")) {
            out.line(HELP);
        } else if (!command.isBlank()) {
            broadcast(OPERATOR + ": " + command, null);
        }
    }

    private void kick(String name) throws IOException {
        ChatClient client = find(name);
        if (client == null) {
            out.line("no client is named " + name);
        } else {
            send(client, "* the operator has kicked you" + client.lineEnd());
            disconnect(client, "was kicked");
        }
    }
}
