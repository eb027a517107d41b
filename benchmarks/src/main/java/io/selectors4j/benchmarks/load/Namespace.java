package io.selectors4j.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A network namespace that has the loopback device alone, for programs that are not ours: no packet of theirs leaves
/// this machine.
///
/// Source: unshare(1), nsenter(1), network_namespaces(7).
public final class Namespace {

    /// The options of unshare, and those of nsenter to join: as root, and else as root of a new user namespace.
    private record Kind(List<String> unshare, List<String> nsenter) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(List.of("--net"), List.of("--net")),
            new Kind(List.of("--map-root-user", "--net"), List.of("--user", "--preserve-credentials", "--net")));

    private final Kind kind;

    private Namespace(Kind kind) {
        this.kind = kind;
    }

    /// Finds out how this user can create a namespace.
    ///
    /// @throws IOException if this user or this system cannot
    public static Namespace find() throws IOException, InterruptedException {
        for (Kind each : KINDS) {
            Namespace namespace = new Namespace(each);
            if (succeeds(namespace.create(List.of("true")))) {
                return namespace;
            }
        }
        throw new IOException("Jetty and Netty run in a network namespace with loopback alone, and this user cannot"
                + " create one with unshare(1) and ip(8)");
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such command
        }
    }

    /// Returns a command that runs another one in a new namespace, in the same process.
    public List<String> create(List<String> command) {
        List<String> all = new ArrayList<>(List.of("unshare"));
        all.addAll(kind.unshare);
        all.addAll(List.of("sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }

    /// Returns a command that runs another one in the namespace of a process.
    List<String> join(long pid, List<String> command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid)));
        all.addAll(kind.nsenter);
        all.addAll(command);
        return all;
    }
}
