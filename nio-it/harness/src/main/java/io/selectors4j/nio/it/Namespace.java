package io.selectors4j.nio.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// Starts commands in a new network namespace that has the loopback device alone, so that no packet of a workload can
/// leave this machine. Every port is free there.
final class Namespace {

    /// As root, and else as root of a new user namespace.
    private static final List<List<String>> CANDIDATES =
            List.of(List.of("unshare", "--net"), List.of("unshare", "--map-root-user", "--net"));

    /// Turns the loopback device on, with multicast, and replaces the shell by the command.
    private static final String SCRIPT =
            """
            ip link set lo up multicast on &&
            ip route add 224.0.0.0/4 dev lo &&
            ip -6 route add multicast ff00::/8 dev lo table local metric 256 &&
            exec "$@"
            """;

    private final List<String> unshare;

    private Namespace(List<String> unshare) {
        this.unshare = unshare;
    }

    /// Finds out how this user can create a namespace.
    ///
    /// @throws IllegalStateException if this user cannot; the message contains the output of unshare(1)
    static Namespace find() throws InterruptedException {
        StringJoiner failures = new StringJoiner("\n");
        for (List<String> candidate : CANDIDATES) {
            Namespace namespace = new Namespace(candidate);
            try {
                Process process = new ProcessBuilder(namespace.command(List.of("true")))
                        .redirectErrorStream(true)
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int exitCode = process.waitFor();
                if (exitCode == 0) {
                    return namespace;
                }
                failures.add(String.join(" ", candidate) + ": exit code " + exitCode + " " + output.strip());
            } catch (IOException e) {
                failures.add(e.getMessage());
            }
        }
        throw new IllegalStateException("These programs run only in a network namespace with loopback alone, and this"
                + " user cannot create one with unshare(1) and ip(8). -Dnio-it.skip=true leaves them out.\n"
                + failures);
    }

    /// Returns a command that runs `command` in a new namespace, as the same process.
    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(unshare);
        all.addAll(List.of("sh", "-c", SCRIPT, "sh"));
        all.addAll(command);
        return all;
    }
}
