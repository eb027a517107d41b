import org.jspecify.annotations.NullMarked;

/// Waits for I/O on any file descriptor: `select()`, `poll()`, epoll and kqueue as primitives, and one portable
/// selector above them, through the Foreign Function & Memory API.
///
/// Run with `--enable-native-access=io.selectors4j` (module path) or `--enable-native-access=ALL-UNNAMED`
/// (class path).
@NullMarked
@SuppressWarnings("module") // io.selectors4j.testing is compiled later
module io.selectors4j {
    requires static com.google.errorprone.annotations; // @GuardedBy
    requires static org.jspecify;
    requires static java.management; // Selectors.registerMXBean
    requires static jdk.jfr; // internal.jfr
    requires static jdk.unsupported; // sun.misc.Signal, by reflection; SignalFd refuses to open without it

    exports io.selectors4j;
    exports io.selectors4j.fd;
    exports io.selectors4j.os;
    exports io.selectors4j.process;
    exports io.selectors4j.tty;
    exports io.selectors4j.watch;
    exports io.selectors4j.internal.simulation to
            io.selectors4j.testing;
}
