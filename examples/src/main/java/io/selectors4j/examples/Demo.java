package io.selectors4j.examples;

import io.selectors4j.Backend;
import io.selectors4j.examples.Program.Takes;
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

/// Runs an example by its name, or, without a name, a server and both clients in one go.
@Command(
        name = "./demo",
        description = {
            "Runs one of the example programs of selectors4j.",
            "Without a name: runs selectors_echo_server and both clients against it, and checks what comes back.",
            ""
        },
        footer = {
            "",
            "Servers and tail run until SIGINT (Ctrl-C) or SIGTERM: they then close what they have open, and end with exit code"
                    + " 130 or 143.",
            "Exit codes: 0 all went well, 1 something failed, 2 the command line is wrong; one line says what."
        },
        sortOptions = false)
final class Demo implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MAX_PORT = 0xFFFF;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "A program that --list names.")
    @Nullable
    String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE", description = "What tail is to follow.")
    List<String> files = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where to listen or connect: a name, an IPv4 or an IPv6 address. Default: what --list says.")
    @Nullable
    String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port, 0 for any free one of a server. Default: what --list says; without a name, 0.")
    @Nullable
    Integer port;

    @Option(
            names = "--backend",
            paramLabel = "BACKEND",
            description = "What ./demo everything selects with: ${COMPLETION-CANDIDATES}. Default: the best one.")
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
                .setExpandAtFiles(false) // a file may be called @something
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
            throw wrong("--port " + port + " is not between 0 and " + MAX_PORT);
        }
        if (list) {
            Program.ALL.forEach(System.out::println);
            return 0;
        }
        if (name == null) {
            if (backend != null) {
                throw wrong("--backend needs the name of a program");
            }
            runAll(host != null ? host : "localhost", port != null ? port : 0);
            return 0;
        }
        Program program = Program.named(name)
                .orElseThrow(() -> wrong("no program is named " + name + "; ./demo --list shows all"));
        check(program);
        // SIGINT and SIGTERM let a server close its sockets first, and just end a client.
        try (Stop stop = program.isStopped() ? Stop.onSignal() : new Stop()) {
            return program.main()
                    .run(new Setting(
                            host != null ? host : program.host(),
                            port != null ? port : program.port(),
                            files,
                            backend != null ? backend : Backend.best(),
                            Transcript.to(program.stream()),
                            stop,
                            new CompletableFuture<>()));
        }
    }

    /// Refuses what the program does not take.
    private void check(Program program) {
        if ((host != null || port != null) && !program.takes(Takes.ADDRESS)) {
            throw wrong(name + " takes no --host and no --port");
        }
        if (backend != null && !program.takes(Takes.BACKEND)) {
            throw wrong(name + " takes no --backend");
        }
        if (!files.isEmpty() && !program.takes(Takes.FILES)) {
            throw wrong(name + " takes nothing else: " + String.join(" ", files));
        }
        if (files.isEmpty() && program.takes(Takes.FILES)) {
            throw wrong(name + " needs a FILE");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static void runAll(String host, int port) throws IOException {
        Transcript out = Transcript.to(System.out);
        try (Stop stop = new Stop()) {
            List<Echo> echoes = OneGo.run(SelectorsEchoServer::run, new Setting(host, port, out, stop), PATIENCE);
            out.line("");
            for (Echo echo : echoes) {
                out.line(
                        echo.client() + " got back what it sent: " + echo.sent().length() + " bytes");
            }
        }
    }

    private static int fail(Exception e, int code) {
        System.err.println("./demo: " + e.getMessage());
        return code;
    }
}
