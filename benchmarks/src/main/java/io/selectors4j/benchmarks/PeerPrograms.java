package io.selectors4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The programs in Rust and Python, in `src/main/rust` and `src/main/python`.
public final class PeerPrograms {

    private static final Path RUST = CPrograms.SOURCES.resolveSibling("rust");
    private static final Path PYTHON = CPrograms.SOURCES.resolveSibling("python");
    private static final Path RUST_TARGET = CPrograms.target().resolve("rust").toAbsolutePath();

    /// Without a network, Cargo gives up at once.
    private static final Map<String, String> CARGO_ENVIRONMENT =
            Map.of("CARGO_NET_RETRY", "0", "CARGO_HTTP_TIMEOUT", "10", "CARGO_TERM_COLOR", "never");

    private PeerPrograms() {}

    /// Returns the path of the file that has the versions of the crates.
    static Path cargoLock() {
        return RUST.resolve("Cargo.lock");
    }

    /// Builds the echo server on mio. Cargo downloads the crates at the first use.
    ///
    /// @return the program; empty, after a message, if it cannot be built here
    public static Optional<Path> mio() throws IOException, InterruptedException {
        List<String> command = List.of(
                "cargo",
                "build",
                "--quiet",
                "--release",
                "--locked",
                "--manifest-path",
                RUST.resolve("Cargo.toml").toString(),
                "--target-dir",
                RUST_TARGET.toString());
        boolean built = Compiler.run(
                command,
                CARGO_ENVIRONMENT,
                "cargo was not found, so nothing is compared with mio",
                "the server on mio cannot be built here, so nothing is compared with it");
        return built ? Optional.of(RUST_TARGET.resolve("release").resolve("echo-mio")) : Optional.empty();
    }

    /// Returns the command of a program in Python.
    ///
    /// @param name its name without `.py`
    /// @return the command; empty, after a message, if there is no Python
    public static Optional<List<String>> python(String name) throws IOException, InterruptedException {
        boolean found = Compiler.run(
                List.of("python3", "-c", "import selectors"),
                Map.of(),
                "python3 was not found, so nothing is compared with Python",
                "python3 has no selectors, so nothing is compared with Python");
        return found
                ? Optional.of(List.of("python3", PYTHON.resolve(name + ".py").toString()))
                : Optional.empty();
    }
}
