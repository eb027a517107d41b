package io.selectors4j.examples;

import io.selectors4j.Backend;
import io.selectors4j.examples.Program.Argument;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The main class of `./demo`: runs an example by its name. Without a name, runs an echo server and both clients.
@Command(
        name = "./demo",
        description = {
            "Runs one of the example programs of selectors4j.",
            "Without a name: runs selectors_echo_server and both clients, and checks the echoed bytes.",
            ""
        },
        footer = {
            "",
            "Servers and tail run until SIGINT (Ctrl-C) or SIGTERM: they close all files and exit with 130 or 143.",
            "Exit codes: 0 success, 1 failure, 2 wrong command line. One line on standard error describes an error."
        },
        sortOptions = false)
final class Demo implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int MAX_PORT = 0xFFFF;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "A program of --list.")
    @Nullable
    String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE", description = "The files to follow, for tail.")
    List<String> files = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description =
                    "The host to listen on or connect to: a name, an IPv4 or an IPv6 address. Default: see --list.")
    @Nullable
    String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port; 0 lets a server choose a free one. Default: see --list; without NAME, 0.")
    @Nullable
    Integer port;

    @Option(
            names = "--backend",
            paramLabel = "BACKEND",
            description =
                    "The backend of the selector, for everything, nio and selectors_echo_server: ${COMPLETION-CANDIDATES}. Default: the best one.")
    @Nullable
    Backend backend;

    @Option(names = "--list", description = "Lists the programs.")
    boolean list;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    public static void main(String[] args) {
        int code = new CommandLine(new Demo())
                .setExpandAtFiles(false) // the name of a FILE may begin with @
                .setParameterExceptionHandler((e, _) -> fail(e, CommandLine.ExitCode.USAGE))
                .setExecutionExceptionHandler((e, _, _) -> {
                    if (e instanceof IOException || e instanceof UnsupportedOperationException) {
                        return fail(e, CommandLine.ExitCode.SOFTWARE);
                    }
                    throw e; // a bug
                })
                .execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw usageError("--port " + port + " is not between 0 and " + MAX_PORT);
        }
        if (list) {
            Program.ALL.forEach(System.out::println);
            return 0;
        }
        if (name == null) {
            if (backend != null) {
                throw usageError("--backend needs the name of a program");
            }
            runAll(host != null ? host : "localhost", port != null ? port : 0);
            return 0;
        }
        Program program = Program.named(name)
                .orElseThrow(() -> usageError("no program is named " + name + "; ./demo --list shows all"));
        check(program);
        // SIGINT and SIGTERM let a server close its sockets first, and end a client at once.
        try (StopRequest stop = program.isStopped() ? StopRequest.onSignal() : new StopRequest()) {
            return program.main()
                    .run(new Settings(
                            host != null ? host : program.host(),
                            port != null ? port : program.port(),
                            files,
                            backend != null ? backend : Backend.best(),
                            Transcript.to(program.stream()),
                            stop,
                            new CompletableFuture<>()));
        }
    }

    /// Rejects arguments that the program does not accept.
    private void check(Program program) {
        if ((host != null || port != null) && !program.takes(Argument.ADDRESS)) {
            throw usageError(name + " takes no --host and no --port");
        }
        if (backend != null && !program.takes(Argument.BACKEND)) {
            throw usageError(name + " takes no --backend");
        }
        if (!files.isEmpty() && !program.takes(Argument.FILES)) {
            throw usageError(name + " takes no further arguments: " + String.join(" ", files));
        }
        if (files.isEmpty() && program.takes(Argument.FILES)) {
            throw usageError(name + " needs a FILE");
        }
    }

    private ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static void runAll(String host, int port) throws IOException {
        Transcript out = Transcript.to(System.out);
        try (StopRequest stop = new StopRequest()) {
            List<EchoResult> results =
                    ServerAndClients.run(SelectorsEchoServer::run, new Settings(host, port, out, stop), TIMEOUT);
            out.line("");
            for (EchoResult result : results) {
                out.line(result.client() + " received all it sent: "
                        + result.sent().length() + " bytes");
            }
        }
    }

    private static int fail(Exception e, int code) {
        System.err.println("./demo: " + e.getMessage());
        return code;
    }
}
