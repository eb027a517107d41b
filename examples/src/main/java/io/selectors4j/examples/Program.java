package io.selectors4j.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A program that can be run by its name.
///
/// @param name the name
/// @param takes what it takes from the command line
/// @param host where it listens or connects unless told otherwise: nothing beyond this machine
/// @param port the port for it
/// @param about what it is, in a few words
/// @param isStopped whether a signal lets it end by [Setting#stop]; if not, it just ends, or sees to signals itself
/// @param stream where it prints
/// @param main what it does
record Program(
        String name,
        Set<Takes> takes,
        String host,
        int port,
        String about,
        boolean isStopped,
        PrintStream stream,
        Main main) {

    /// What a program takes from the command line.
    enum Takes {
        /// `--host` and `--port`.
        ADDRESS,
        /// `--backend`.
        BACKEND,
        /// One file or more.
        FILES
    }

    /// What a program does.
    @FunctionalInterface
    interface Body {
        void run(Setting setting) throws IOException;
    }

    /// What a program does that says how it has ended.
    @FunctionalInterface
    interface Main {
        /// Runs the program.
        ///
        /// @return the exit code
        int run(Setting setting) throws IOException;
    }

    private static final String LOCAL = "localhost";

    /// All programs.
    static final List<Program> ALL = List.of(
            new Program(
                    "everything",
                    Set.of(Takes.BACKEND),
                    "",
                    0,
                    "Selector: waits for one of each kind",
                    true,
                    System.out,
                    Everything::run),
            new Program(
                    "chat",
                    Set.of(Takes.ADDRESS),
                    LOCAL,
                    9999,
                    "Selector: a chat for telnet or nc, with this terminal as its operator's",
                    false,
                    System.out,
                    Chat::run),
            new Program(
                    "tail",
                    Set.of(Takes.FILES),
                    "",
                    0,
                    "Selector: prints the end of files, and what is appended to them",
                    false,
                    System.err,
                    Tail::run),
            server(
                    "select_time_server",
                    8037,
                    "select(): tells the time as RFC 868 has it",
                    System.out,
                    SelectTimeServer::run),
            server("select_echo_server", 10000, "select(): sends back what it gets", System.err, SelectEchoServer::run),
            server(
                    "select_echo_server_timeout",
                    10000,
                    "select(): the same, with a timeout",
                    System.err,
                    SelectEchoServerTimeout::run),
            server(
                    "select_poll_echo_server",
                    10000,
                    "poll(): sends back what it gets",
                    System.err,
                    SelectPollEchoServer::run),
            server(
                    "selectors_echo_server",
                    1234,
                    "Selector: sends back what it gets",
                    System.out,
                    SelectorsEchoServer::run),
            client(
                    "select_echo_multiclient",
                    "client with two connections to an echo server",
                    setting -> check(SelectEchoMulticlient.run(setting))),
            client(
                    "select_echo_slow_client",
                    "client that takes its time",
                    setting -> check(SelectEchoSlowClient.run(setting))));

    private static Program server(String name, int port, String about, PrintStream stream, Body body) {
        return new Program(name, Set.of(Takes.ADDRESS), LOCAL, port, about, true, stream, successful(body));
    }

    private static Program client(String name, String about, Body body) {
        return new Program(name, Set.of(Takes.ADDRESS), LOCAL, 10000, about, false, System.err, successful(body));
    }

    private static Main successful(Body body) {
        return setting -> {
            body.run(setting);
            return 0;
        };
    }

    /// The program of a name.
    static Optional<Program> named(String name) {
        return ALL.stream().filter(program -> program.name.equals(name)).findFirst();
    }

    boolean takes(Takes what) {
        return takes.contains(what);
    }

    /// A line for a list of programs.
    @Override
    public String toString() {
        String call = takes(Takes.FILES) ? name + " FILE..." : name;
        String address = takes(Takes.ADDRESS) ? "; " + host + " port " + port : "";
        return "%-26s  %s%s".formatted(call, about, address);
    }

    private static void check(List<Echo> echoes) throws IOException {
        for (Echo echo : echoes) {
            echo.check();
        }
    }
}
