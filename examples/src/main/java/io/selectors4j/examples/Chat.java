package io.selectors4j.examples;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SignalFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A chat for telnet and nc. One selector waits for the clients, for the operator, who types at the standard input, and for
/// the signals that end the server. The data of each key is what to call when its object is ready.
///
/// A client that does not read is dropped as soon as its queue is full: everybody else is not to wait for it.
final class Chat {

    /// What to do with an object that is ready.
    private interface Callback {
        void ready(Readiness readiness) throws IOException;
    }

    /// A line for everybody.
    ///
    /// @param text the line
    /// @param author who does not get it
    private record Message(String text, @Nullable Guest author) {}

    private static final String OPERATOR = "operator";
    private static final String HELP = "type what to say, or /who, /kick NAME, /quit";
    private static final String QUESTION = "your name: ";
    private static final int LONGEST_NAME = 32;
    private static final int AT_ONCE = 4096;

    private final Transcript out;
    private final Listener server;
    private final SignalFd signals;
    private final Selector<Callback> selector;
    private final Set<Guest> guests = new LinkedHashSet<>();

    /// What is still to be delivered. That can drop somebody, which makes another message.
    private final Queue<Message> messages = new ArrayDeque<>();

    private OptionalInt exitCode = OptionalInt.empty();

    private Chat(Listener server, SignalFd signals, Selector<Callback> selector, Transcript out) {
        this.server = server;
        this.signals = signals;
        this.selector = selector;
        this.out = out;
    }

    static int run(Setting setting) throws IOException {
        try (SignalFd signals = SignalFd.open("SIGINT", "SIGTERM");
                Listener server = setting.listen(100, "chat on " + setting.host() + " port ");
                Selector<Callback> selector = Selector.open()) {
            return new Chat(server, signals, selector, setting.out()).loop();
        }
    }

    private int loop() throws IOException {
        selector.register(signals, Interest.READ, _ -> exitCode = OptionalInt.of(ExitCode.take(signals)));
        selector.register(server, Interest.READ, this::accept);
        openConsole();
        while (exitCode.isEmpty()) {
            selector.select(null, (key, readiness) -> {
                key.data().ready(readiness);
                deliver();
            });
        }
        say("* the chat is over", null);
        deliver();
        return exitCode.getAsInt();
    }

    private void accept(Readiness readiness) throws IOException {
        Connection connection = server.accept();
        if (connection != null) {
            out.line("connection from " + connection);
            Guest guest = new Guest(connection);
            guests.add(guest);
            selector.register(connection, Interest.READ, ready -> serve(guest, ready));
            tell(guest, QUESTION);
        } else if (server.isFull()) {
            selector.modify(server, Interest.NONE, this::accept);
        }
    }

    private void serve(Guest guest, Readiness readiness) throws IOException {
        try {
            if (readiness.isReadable()) {
                for (String line : guest.receive()) {
                    hear(guest, line);
                }
            }
            send(guest);
            if (guest.connection().hasEnded()) {
                drop(guest, "has left");
            }
        } catch (IOException e) { // a lost connection is not the end of the server
            drop(guest, "is lost after " + e.getMessage());
        }
    }

    private void hear(Guest guest, String line) throws IOException {
        if (!guest.isNamed()) {
            name(guest, line.strip());
        } else if (!line.isBlank()) {
            say(guest + ": " + line, guest);
        }
    }

    private void name(Guest guest, String said) throws IOException {
        String name = said.isEmpty() ? guest.toString() : said;
        Guest owner = find(name);
        if (said.length() > LONGEST_NAME) {
            tell(guest, "a name has at most " + LONGEST_NAME + " characters" + guest.lineEnd() + QUESTION);
        } else if (name.equalsIgnoreCase(OPERATOR) || (owner != null && !owner.equals(guest))) {
            tell(guest, "somebody else has this name" + guest.lineEnd() + QUESTION);
        } else {
            String others = names(guests.stream().filter(Guest::isNamed));
            guest.setName(name);
            tell(guest, "* welcome, " + name + "; here are: " + others + guest.lineEnd());
            say("* " + name + " has joined", guest);
        }
    }

    private @Nullable Guest find(String name) {
        for (Guest guest : guests) {
            if (guest.toString().equals(name)) {
                return guest;
            }
        }
        return null;
    }

    private static String names(Stream<Guest> guests) {
        String names = guests.map(Guest::toString).collect(Collectors.joining(", "));
        return names.isEmpty() ? "nobody" : names;
    }

    /// Has a line delivered.
    private void say(String text, @Nullable Guest author) {
        messages.add(new Message(text, author));
    }

    private void deliver() throws IOException {
        while (!messages.isEmpty()) {
            Message message = messages.remove();
            out.line(message.text());
            for (Guest guest : List.copyOf(guests)) {
                if (guest.isNamed() && !guest.equals(message.author())) {
                    tell(guest, message.text() + guest.lineEnd());
                }
            }
        }
    }

    private void tell(Guest guest, String text) throws IOException {
        if (guest.isStuck()) {
            drop(guest, "is dropped: it does not read");
            return;
        }
        guest.put(text);
        try {
            send(guest);
        } catch (IOException e) {
            drop(guest, "is lost after " + e.getMessage());
        }
    }

    /// Sends what there is room for. The rest is sent when the connection is writable.
    private void send(Guest guest) throws IOException {
        if (guests.contains(guest)) {
            guest.send();
            Connection connection = guest.connection();
            Interest write = connection.hasOutput() ? Interest.WRITE : Interest.NONE;
            Callback callback = selector.getKey(connection).data();
            selector.modify(connection, Interest.READ.or(write), callback);
        }
    }

    /// Closes a connection, if that was not done already.
    private void drop(Guest guest, String why) throws IOException {
        if (guests.remove(guest)) {
            selector.unregister(guest.connection());
            guest.connection().close();
            selector.modify(server, Interest.READ, this::accept);
            if (guest.isNamed()) {
                say("* " + guest + " " + why, null);
            } else {
                out.line(guest + " " + why);
            }
        }
    }

    /// Waits for what the operator types, if the standard input is something to wait for.
    private void openConsole() throws IOException {
        try {
            Fd stdin = Fd.stdin();
            TextLines lines = new TextLines(Guest.LONGEST_LINE);
            selector.register(stdin, Interest.READ, _ -> obey(stdin, lines));
            out.line(HELP);
        } catch (NativeIOException e) { // EPERM: a regular file or /dev/null; EBADF: none at all
            out.line("the console is off: " + e.getMessage());
        }
    }

    private void obey(Fd stdin, TextLines lines) throws IOException {
        ByteBuffer typed = ByteBuffer.allocate(AT_ONCE);
        List<String> commands = new ArrayList<>();
        String end = "";
        try {
            int count = stdin.read(typed);
            commands.addAll(lines.take(typed.flip()));
            if (count < 0) {
                commands.addAll(lines.takeEnd());
                end = "the console is closed; the chat goes on";
            }
        } catch (NativeIOException e) { // EIO: the terminal is gone
            end = "the console is closed after " + e.getMessage() + "; the chat goes on";
        }
        for (String command : commands) {
            if (exitCode.isEmpty()) {
                obey(command);
            }
        }
        if (!end.isEmpty()) {
            stdin.close(); // leaves the selector
            out.line(end);
        }
    }

    private void obey(String command) throws IOException {
        if (command.equals("/quit")) {
            exitCode = OptionalInt.of(0);
        } else if (command.equals("/who")) {
            out.line("here are: " + names(guests.stream()));
        } else if (command.startsWith("/kick ")) {
            kick(command.substring("/kick ".length()).strip());
        } else if (command.startsWith("/")) {
            out.line(HELP);
        } else if (!command.isBlank()) {
            say(OPERATOR + ": " + command, null);
        }
    }

    private void kick(String name) throws IOException {
        Guest guest = find(name);
        if (guest == null) {
            out.line("nobody is named " + name);
        } else {
            tell(guest, "* the operator has kicked you" + guest.lineEnd());
            drop(guest, "was kicked");
        }
    }
}
