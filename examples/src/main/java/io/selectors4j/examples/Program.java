package io.selectors4j.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An example program, which `./demo` runs by its name.
///
/// @param takes the arguments that it accepts
/// @param host the default host, which is never another machine
/// @param port the default port
/// @param about a short description
/// @param isStopped whether SIGINT and SIGTERM request a stop ([Settings#stop]); other programs end at once, or process
///     signals themselves
/// @param stream the stream for its output
/// @param main the entry point
record Program(
        String name,
        Set<Argument> takes,
        String host,
        int port,
        String about,
        boolean isStopped,
        PrintStream stream,
        Main main) {

    /// Arguments of the command line.
    enum Argument {
        /// `--host` and `--port`.
        ADDRESS,
        /// `--backend`.
        BACKEND,
        /// One file or more.
        FILES
    }

    /// The body of a program.
    @FunctionalInterface
    interface Body {
        void run(Settings settings) throws IOException;
    }

    /// The entry point of a program, with an exit code.
    @FunctionalInterface
    interface Main {
        /// Runs the program.
        ///
        /// @return the exit code
        int run(Settings settings) throws IOException;
    }

    private static final String LOCAL = "localhost";

    /// All programs.
    static final List<Program> ALL = List.of(
            new Program(
                    "everything",
                    Set.of(Argument.BACKEND),
                    "",
                    0,
                    "Selector: waits for one descriptor of each kind",
                    true,
                    System.out,
                    Everything::run),
            new Program(
                    "chat",
                    Set.of(Argument.ADDRESS),
                    LOCAL,
                    9999,
                    "Selector: a chat for telnet or nc; this terminal is the operator's",
                    false,
                    System.out,
                    Chat::run),
            new Program(
                    "tail",
                    Set.of(Argument.FILES),
                    "",
                    0,
                    "Selector: prints the last lines of files, and lines appended later",
                    false,
                    System.err,
                    Tail::run),
            new Program(
                    "nio",
                    Set.of(Argument.BACKEND),
                    "",
                    0,
                    "java.nio.channels: an echo server, a terminal and a process on one selector",
                    false,
                    System.out,
                    successful(Nio::run)),
            server("select_time_server", 8037, "select(): sends the time, RFC 868", System.out, SelectTimeServer::run),
            server("select_echo_server", 10000, "select(): echoes all bytes", System.err, SelectEchoServer::run),
            server(
                    "select_echo_server_timeout",
                    10000,
                    "select(): echoes all bytes, with a timeout",
                    System.err,
                    SelectEchoServerTimeout::run),
            server("select_poll_echo_server", 10000, "poll(): echoes all bytes", System.err, SelectPollEchoServer::run),
            new Program(
                    "selectors_echo_server",
                    Set.of(Argument.ADDRESS, Argument.BACKEND),
                    LOCAL,
                    1234,
                    "Selector: echoes all bytes",
                    true,
                    System.out,
                    successful(SelectorsEchoServer::run)),
            client(
                    "select_echo_multiclient",
                    "client with two connections to an echo server",
                    settings -> check(SelectEchoMulticlient.run(settings))),
            client(
                    "select_echo_slow_client",
                    "client that pauses between messages",
                    settings -> check(SelectEchoSlowClient.run(settings))));

    private static Program server(String name, int port, String about, PrintStream stream, Body body) {
        return new Program(name, Set.of(Argument.ADDRESS), LOCAL, port, about, true, stream, successful(body));
    }

    private static Program client(String name, String about, Body body) {
        return new Program(name, Set.of(Argument.ADDRESS), LOCAL, 10000, about, false, System.err, successful(body));
    }

    private static Main successful(Body body) {
        return settings -> {
            body.run(settings);
            return 0;
        };
    }

    /// Returns the program with a name.
    static Optional<Program> named(String name) {
        return ALL.stream().filter(program -> program.name.equals(name)).findFirst();
    }

    boolean takes(Argument argument) {
        return takes.contains(argument);
    }

    /// Returns the line for `--list`.
    @Override
    public String toString() {
        String call = takes(Argument.FILES) ? name + " FILE..." : name;
        String address = takes(Argument.ADDRESS) ? "; " + host + " port " + port : "";
        return "%-26s  %s%s".formatted(call, about, address);
    }

    private static void check(List<EchoResult> echoes) throws IOException {
        for (EchoResult echo : echoes) {
            echo.check();
        }
    }
}
