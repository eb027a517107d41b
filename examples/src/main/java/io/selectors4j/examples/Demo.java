package io.selectors4j.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
            "A server runs until SIGINT (Ctrl-C) or SIGTERM: it then closes its sockets and ends with exit code 130 or 143.",
            "Exit codes: 0 all went well, 1 something failed, 2 the command line is wrong; one line says what."
        },
        sortOptions = false)
final class Demo implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_PORT = 0xFFFF;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A program that --list names.")
    @Nullable
    String name;

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

    @Option(names = "--list", description = "Lists the programs.")
    boolean list;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    public static void main(String[] args) {
        int code = new CommandLine(new Demo())
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
            throw new ParameterException(spec.commandLine(), "--port " + port + " is not between 0 and " + MAX_PORT);
        }
        if (list) {
            for (Program program : Program.ALL) {
                System.out.printf(
                        "%-26s  %s; %s port %d%n", program.name(), program.about(), program.host(), program.port());
            }
        } else if (name == null) {
            runAll(host != null ? host : "localhost", port != null ? port : 0);
        } else {
            Program program = Program.named(name)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(), "no program is named " + name + "; ./demo --list shows all"));
            program.run(host != null ? host : program.host(), port != null ? port : program.port());
        }
        return 0;
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
