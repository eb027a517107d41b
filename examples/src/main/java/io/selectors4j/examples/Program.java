package io.selectors4j.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/// A program that can be run by its name.
///
/// @param name the name
/// @param host where it listens or connects unless told otherwise
/// @param port the port for it
/// @param about what it is, in a few words
/// @param isServer whether it runs until it is stopped
/// @param stream where it prints
/// @param body what it does
record Program(String name, String host, int port, String about, boolean isServer, PrintStream stream, Body body) {

    /// What a program does.
    @FunctionalInterface
    interface Body {
        void run(Setting setting) throws IOException;
    }

    private static final String ALL_OF_IPV4 = "0.0.0.0";
    private static final String LOCAL = "localhost";

    /// All programs.
    static final List<Program> ALL = List.of(
            new Program(
                    "select_time_server",
                    ALL_OF_IPV4,
                    8037,
                    "select(): tells the time as RFC 868 has it",
                    true,
                    System.out,
                    SelectTimeServer::run),
            new Program(
                    "select_echo_server",
                    LOCAL,
                    10000,
                    "select(): sends back what it gets",
                    true,
                    System.err,
                    SelectEchoServer::run),
            new Program(
                    "select_echo_server_timeout",
                    LOCAL,
                    10000,
                    "select(): the same, with a timeout",
                    true,
                    System.err,
                    SelectEchoServerTimeout::run),
            new Program(
                    "select_poll_echo_server",
                    LOCAL,
                    10000,
                    "poll(): sends back what it gets",
                    true,
                    System.err,
                    SelectPollEchoServer::run),
            new Program(
                    "selectors_echo_server",
                    LOCAL,
                    1234,
                    "Selector: sends back what it gets",
                    true,
                    System.out,
                    SelectorsEchoServer::run),
            new Program(
                    "select_echo_multiclient",
                    LOCAL,
                    10000,
                    "client with two connections to an echo server",
                    false,
                    System.err,
                    setting -> check(SelectEchoMulticlient.run(setting))),
            new Program(
                    "select_echo_slow_client",
                    LOCAL,
                    10000,
                    "client that takes its time",
                    false,
                    System.err,
                    setting -> check(SelectEchoSlowClient.run(setting))));

    /// The program of a name.
    static Optional<Program> named(String name) {
        return ALL.stream().filter(program -> program.name.equals(name)).findFirst();
    }

    /// Runs the program. SIGINT and SIGTERM let a server close its sockets first, and just end a client.
    void run(String atHost, int atPort) throws IOException {
        try (Stop stop = isServer ? Stop.onSignal() : new Stop()) {
            body.run(new Setting(atHost, atPort, Transcript.to(stream), stop));
        }
    }

    private static void check(List<Echo> echoes) throws IOException {
        for (Echo echo : echoes) {
            echo.check();
        }
    }
}
