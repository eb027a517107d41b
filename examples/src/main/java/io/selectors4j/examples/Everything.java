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

/// Waits with one selector for one descriptor of each kind. First registers all sources, then makes all of them ready.
/// A source that has been ready is unregistered and closed.
final class Everything implements Closeable {

    /// The data of a key: called when its descriptor is ready.
    private interface Callback {
        void ready(Readiness readiness) throws IOException;
    }

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String STDIN = "stdin";
    private static final String LINE = "%-10s %s"; // name, result

    private final Transcript out;
    private final Selector<Callback> selector;
    private final Path directory;
    private final Set<ReadySource> waiting = new LinkedHashSet<>();
    private int ready;
    private boolean stopped;

    private Everything(Selector<Callback> selector, Path directory, Transcript out) {
        this.selector = selector;
        this.directory = directory;
        this.out = out;
    }

    /// Runs the program.
    ///
    /// @return the exit code: 0 if all sources have been ready, 1 if not
    static int run(Settings settings) throws IOException {
        try (TemporaryDirectory scratch = new TemporaryDirectory();
                Selector<Callback> selector = settings.backend().open();
                Everything everything = new Everything(selector, scratch.directory(), settings.out())) {
            selector.register(settings.stop(), Interest.READ, _ -> everything.stopped = true);
            everything.registerAll();
            for (ReadySource source : List.copyOf(everything.waiting)) {
                source.trigger().run();
            }
            everything.loop();
            return everything.report();
        }
    }

    /// Creates one or more sources.
    private interface Factory {
        List<ReadySource> create() throws IOException;
    }

    private void registerAll() throws IOException {
        registerIfPossible(
                STDIN, this::stdin); // first: if descriptor 0 is closed, the next one opened would get its number
        register("tcp", SocketSources::tcp);
        register("pair", () -> List.of(SocketSources.pair()));
        register("udp", () -> List.of(SocketSources.udp()));
        register("passed", () -> List.of(MessageSources.passedDescriptor()));
        register("errors", () -> List.of(MessageSources.errorQueue()));
        register("tcp info", () -> List.of(MessageSources.connectionState()));
        registerIfPossible("netlink", () -> List.of(SocketSources.netlink()));
        register("pipe", () -> List.of(FileSources.pipe()));
        register("fifo", () -> List.of(FileSources.fifo(directory.resolve("fifo"))));
        register("pty", () -> List.of(FileSources.pty()));
        register("inotify", () -> List.of(FileSources.inotify(Files.createDirectory(directory.resolve("watched")))));
        registerIfPossible("jdk", () -> List.of(FileSources.jdkChannel()));
        register("timerfd", () -> List.of(EventSources.timer()));
        register("signal", () -> List.of(EventSources.signal()));
        register("eventfd", () -> List.of(EventSources.event()));
        register("thread", () -> List.of(EventSources.thread()));
        register("selector", () -> List.of(EventSources.selector()));
        register("child", () -> new ChildSources().sources());
        out.line("waiting for " + waiting.size() + " descriptors with " + selector.backend());
    }

    /// Registers sources. Skips them if the system lacks them.
    private void register(String name, Factory factory) throws IOException {
        List<ReadySource> sources;
        try {
            sources = factory.create();
        } catch (UnsupportedOperationException e) {
            skip(name, e.getMessage());
            return;
        }
        waiting.addAll(sources); // from now on, close() closes them
        for (ReadySource source : sources) {
            selector.register(source.fileobj(), source.events(), readiness -> receive(source, readiness));
        }
    }

    /// Registers sources that settings can make unavailable.
    private void registerIfPossible(String name, Factory factory) throws IOException {
        try {
            for (ReadySource source : factory.create()) {
                selector.register(source.fileobj(), source.events(), readiness -> receive(source, readiness));
                waiting.add(source);
            }
        } catch (NativeIOException | UnsupportedOperationException e) {
            skip(name, e.getMessage());
        }
    }

    /// Returns the standard input, if it is readable now: input or end of file.
    private List<ReadySource> stdin() throws IOException {
        ReadySource stdin = FileSources.stdin();
        if (isReadable(stdin)) {
            return List.of(stdin);
        }
        throw new UnsupportedOperationException("there is no input now");
    }

    private static boolean isReadable(ReadySource source) throws IOException {
        try {
            return Await.readable(source.fileobj(), Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void skip(String name, @Nullable String reason) {
        out.line(LINE.formatted(name, "skipped: " + reason));
    }

    private void receive(ReadySource source, Readiness readiness) throws IOException {
        out.line(LINE.formatted(source.name(), "ready  " + source.receiver().receive(readiness)));
        unregister(source);
        source.close();
        ready++;
    }

    private void unregister(ReadySource source) {
        selector.unregister(source.fileobj());
        waiting.remove(source);
    }

    private void loop() throws IOException {
        long start = System.nanoTime();
        Duration remaining = TIMEOUT;
        while (!waiting.isEmpty() && !stopped && remaining.isPositive()) {
            selector.select(remaining, (key, readiness) -> key.data().ready(readiness));
            skipStdin();
            remaining = TIMEOUT.minusNanos(System.nanoTime() - start);
        }
    }

    /// Skips the standard input if it has not been ready in the first select. It was readable before, so another
    /// process has read the input.
    private void skipStdin() {
        for (ReadySource source : List.copyOf(waiting)) {
            if (source.name().equals(STDIN)) {
                unregister(source);
                skip(STDIN, "another process has read the input");
            }
        }
    }

    /// Prints the result.
    ///
    /// @return the exit code
    private int report() {
        for (ReadySource source : waiting) {
            out.line(LINE.formatted(source.name(), "not ready within " + TIMEOUT.toSeconds() + " s"));
        }
        out.line(ready + " of " + (ready + waiting.size()) + " descriptors were ready");
        return waiting.isEmpty() ? 0 : 1;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (ReadySource source : waiting) {
            try {
                source.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
