package io.selectors4j.examples;

import io.selectors4j.Await;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One selector that waits for one of each kind. First all are registered, then all are made ready; what has been ready is
/// unregistered and closed.
final class Everything implements Closeable {

    /// What to do with an object that is ready.
    private interface Callback {
        void ready(Readiness readiness) throws IOException;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STDIN = "stdin";
    private static final String LINE = "%-10s %s"; // name, what is with it

    private final Transcript out;
    private final Selector<Callback> selector;
    private final Path directory;
    private final Set<Kind> waiting = new LinkedHashSet<>();
    private int ready;
    private boolean stopped;

    private Everything(Selector<Callback> selector, Path directory, Transcript out) {
        this.selector = selector;
        this.directory = directory;
        this.out = out;
    }

    /// Waits for all of them.
    ///
    /// @return the exit code: 0 if all have been ready, 1 if not
    static int run(Setting setting) throws IOException {
        try (Scratch scratch = new Scratch();
                Selector<Callback> selector = setting.backend().open();
                Everything everything = new Everything(selector, scratch.directory(), setting.out())) {
            selector.register(setting.stop(), Interest.READ, _ -> everything.stopped = true);
            everything.registerAll();
            for (Kind kind : List.copyOf(everything.waiting)) {
                kind.trigger().pull();
            }
            everything.loop();
            return everything.report();
        }
    }

    /// Creates one kind or several.
    private interface Maker {
        List<Kind> make() throws IOException;
    }

    private void registerAll() throws IOException {
        registerIfPossible(STDIN, this::stdin); // before anything else can get its number
        register(SocketKinds.tcp());
        register(List.of(SocketKinds.unix(), SocketKinds.udp()));
        registerIfPossible("netlink", () -> List.of(SocketKinds.netlink()));
        register(List.of(FileKinds.pipe(), FileKinds.fifo(directory.resolve("fifo")), FileKinds.pty()));
        register(List.of(FileKinds.inotify(Files.createDirectory(directory.resolve("watched")))));
        registerIfPossible("jdk", () -> List.of(FileKinds.jdkChannel()));
        register(List.of(EventKinds.timer(), EventKinds.signal(), EventKinds.event(), EventKinds.thread()));
        register(List.of(EventKinds.selector()));
        register(new ChildProcess().kinds());
        out.line("waiting for " + waiting.size() + " kinds with " + selector.backend());
    }

    private void register(List<Kind> kinds) throws IOException {
        waiting.addAll(kinds); // from now on, they are closed in any case
        for (Kind kind : kinds) {
            selector.register(kind.fileobj(), kind.events(), readiness -> take(kind, readiness));
        }
    }

    /// Registers what a system can refuse.
    private void registerIfPossible(String name, Maker maker) throws IOException {
        try {
            for (Kind kind : maker.make()) {
                selector.register(kind.fileobj(), kind.events(), readiness -> take(kind, readiness));
                waiting.add(kind);
            }
        } catch (NativeIOException | UnsupportedOperationException e) {
            skip(name, e.getMessage());
        }
    }

    /// The standard input, if there is something to read now, or its end.
    private List<Kind> stdin() throws IOException {
        Kind stdin = FileKinds.stdin();
        if (isReadable(stdin)) {
            return List.of(stdin);
        }
        throw new UnsupportedOperationException("there is nothing to read now");
    }

    private static boolean isReadable(Kind kind) throws IOException {
        try {
            return Await.readable(kind.fileobj(), Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void skip(String name, @Nullable String why) {
        out.line(LINE.formatted(name, "not waited for: " + why));
    }

    private void take(Kind kind, Readiness readiness) throws IOException {
        out.line(LINE.formatted(kind.name(), "ready  " + kind.finding().take(readiness)));
        forget(kind);
        kind.close();
        ready++;
    }

    private void forget(Kind kind) {
        selector.unregister(kind.fileobj());
        waiting.remove(kind);
    }

    private void loop() throws IOException {
        long start = System.nanoTime();
        Duration left = PATIENCE;
        while (!waiting.isEmpty() && !stopped && left.isPositive()) {
            selector.select(left, (key, readiness) -> key.data().ready(readiness));
            giveUpStdin();
            left = PATIENCE.minusNanos(System.nanoTime() - start);
        }
    }

    /// It was ready before the first select. If it is not any more, somebody else has read it.
    private void giveUpStdin() {
        for (Kind kind : List.copyOf(waiting)) {
            if (kind.name().equals(STDIN)) {
                forget(kind);
                skip(STDIN, "somebody else has read it");
            }
        }
    }

    /// @return the exit code
    private int report() {
        for (Kind kind : waiting) {
            out.line(LINE.formatted(kind.name(), "not ready within " + PATIENCE.toSeconds() + " s"));
        }
        out.line(ready + " of " + (ready + waiting.size()) + " kinds were ready");
        return waiting.isEmpty() ? 0 : 1;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Kind kind : waiting) {
            try {
                kind.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
