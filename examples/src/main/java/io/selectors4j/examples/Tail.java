package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.watch.InotifyEvent;
import io.selectors4j.watch.InotifyFd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Prints the last lines of files, and then whatever is appended to them, also where a file is truncated, replaced, or
/// deleted and made anew. One selector waits for what inotify tells of the files, for room in the standard output, and for
/// the signals that end the program; nothing is looked at from time to time.
final class Tail implements Closeable {

    /// What to do with an object that is ready.
    private interface Callback {
        void ready(Readiness readiness) throws IOException;
    }

    private static final int LINES = 10;

    private final Transcript messages;
    private final InotifyFd inotify;
    private final Selector<Callback> selector;
    private final Output output = new Output();
    private final boolean outputIsPolled;

    private final List<Followed> files = new ArrayList<>();
    private final boolean headers;

    /// What may have something to print.
    private final Set<Followed> toRead = new LinkedHashSet<>();

    /// What was printed last.
    private @Nullable Followed last;

    private OptionalInt exitCode = OptionalInt.empty();

    private Tail(List<String> names, InotifyFd inotify, Selector<Callback> selector, Transcript messages)
            throws IOException {
        this.inotify = inotify;
        this.selector = selector;
        this.messages = messages;
        headers = names.size() > 1;
        outputIsPolled = registerOutput();
        selector.register(inotify, Interest.READ, this::listen);
        open(names);
    }

    static int run(Setting setting) throws IOException {
        try (SignalFd signals = SignalFd.open("SIGINT", "SIGTERM");
                InotifyFd inotify = InotifyFd.open();
                Selector<Callback> selector = Selector.open();
                Tail tail = new Tail(setting.files(), inotify, selector, setting.out())) {
            selector.register(signals, Interest.READ, _ -> tail.exitCode = OptionalInt.of(ExitCode.take(signals)));
            return tail.loop();
        }
    }

    private void open(List<String> names) throws IOException {
        Watches watches = new Watches(inotify);
        List<String> refusals = new ArrayList<>();
        for (String name : names) {
            try {
                files.add(new Followed(name, LINES, watches, messages));
            } catch (IOException e) {
                refusals.add("tail: " + name + ": " + Followed.reason(e));
            }
        }
        if (files.isEmpty()) {
            throw new IOException(String.join("; ", refusals));
        }
        refusals.forEach(messages::line);
        toRead.addAll(files);
    }

    /// Registers the standard output, to begin with only for what comes unasked: that its reader has gone.
    ///
    /// @return whether it can be waited for
    private boolean registerOutput() throws IOException {
        try {
            selector.register(output, Interest.PRIORITY, this::write);
            return true;
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("EPERM")) {
                throw e;
            }
            return false; // a regular file or /dev/null, which never let anybody wait
        }
    }

    private int loop() throws IOException {
        while (exitCode.isEmpty()) {
            if (!output.isPending() && !toRead.isEmpty()) {
                readNext();
            } else if (outputIsPolled) {
                selector.modify(output, output.isPending() ? Interest.WRITE : Interest.PRIORITY, this::write);
                selector.select(null, (key, readiness) -> key.data().ready(readiness));
            } else {
                if (output.isPending()) {
                    output.write();
                }
                Duration timeout = output.isPending() || !toRead.isEmpty() ? Duration.ZERO : null;
                selector.select(timeout, (key, readiness) -> key.data().ready(readiness));
            }
        }
        return exitCode.getAsInt();
    }

    /// Reads a piece of the next file, to be written.
    private void readNext() throws IOException {
        Followed file = toRead.iterator().next();
        ByteBuffer piece;
        try {
            piece = file.read();
        } catch (IOException e) {
            giveUp(file, Followed.reason(e));
            return;
        }
        if (piece.hasRemaining()) {
            ByteBuffer header = UTF_8.encode(file.equals(last) ? "" : header(file));
            output.put(ByteBuffer.allocate(header.remaining() + piece.remaining())
                    .put(header)
                    .put(piece)
                    .flip());
            last = file;
        } else if (file.isInItsDirectory()) {
            toRead.remove(file);
        } else {
            giveUp(file, "its directory has gone");
        }
    }

    private String header(Followed file) {
        return headers ? (last == null ? "" : "\n") + "==> " + file + " <==\n" : "";
    }

    private void giveUp(Followed file, String why) throws IOException {
        toRead.remove(file);
        files.remove(file);
        file.close();
        String text = "tail: " + file + ": not followed any more: " + why;
        if (files.isEmpty()) {
            throw new IOException(text);
        }
        messages.line(text);
    }

    private void listen(Readiness readiness) throws IOException {
        for (InotifyEvent event : inotify.read()) {
            for (Followed file : files) {
                if (file.hears(event)) {
                    toRead.add(file);
                }
            }
        }
    }

    private void write(Readiness readiness) throws IOException {
        if (!readiness.isWritable()) {
            throw new IOException("tail: nobody reads the standard output any more");
        }
        output.write();
    }

    @Override
    public void close() throws IOException {
        for (Followed file : files) {
            file.close();
        }
    }
}
