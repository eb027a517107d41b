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

/// Prints the last lines of files, and then the bytes appended to them. Follows files that are truncated, replaced, or
/// deleted and created again. One selector waits for inotify events, for room in the standard output, and for the
/// signals that end the program; no file is polled.
final class Tail implements Closeable {

    /// The data of a key: called when its descriptor is ready.
    private interface Callback {
        void ready(Readiness readiness) throws IOException;
    }

    private static final int LINES = 10;

    private final Transcript messages;
    private final InotifyFd inotify;
    private final Selector<Callback> selector;
    private final StandardOutput output = new StandardOutput();
    private final boolean outputIsPolled;

    private final List<FollowedFile> files = new ArrayList<>();
    private final boolean headers;

    /// The files that may have new bytes.
    private final Set<FollowedFile> toRead = new LinkedHashSet<>();

    /// The file printed last.
    private @Nullable FollowedFile lastPrinted;

    private OptionalInt exitCode = OptionalInt.empty();

    private Tail(List<String> names, InotifyFd inotify, Selector<Callback> selector, Transcript messages)
            throws IOException {
        this.inotify = inotify;
        this.selector = selector;
        this.messages = messages;
        headers = names.size() > 1;
        outputIsPolled = registerOutput();
        selector.register(inotify, Interest.READ, this::readEvents);
        open(names);
    }

    static int run(Settings settings) throws IOException {
        try (SignalFd signals = SignalFd.open("SIGINT", "SIGTERM");
                InotifyFd inotify = InotifyFd.open();
                Selector<Callback> selector = Selector.open();
                Tail tail = new Tail(settings.files(), inotify, selector, settings.out())) {
            selector.register(signals, Interest.READ, _ -> tail.exitCode = OptionalInt.of(ExitCode.readFrom(signals)));
            return tail.loop();
        }
    }

    private void open(List<String> names) throws IOException {
        SharedWatches watches = new SharedWatches(inotify);
        List<String> errors = new ArrayList<>();
        for (String name : names) {
            try {
                files.add(new FollowedFile(name, LINES, watches, messages));
            } catch (IOException e) {
                errors.add("tail: " + name + ": " + FollowedFile.reason(e));
            }
        }
        if (files.isEmpty()) {
            throw new IOException(String.join("; ", errors));
        }
        errors.forEach(messages::line);
        toRead.addAll(files);
    }

    /// Registers the standard output, at first for an error alone: the reader has closed the pipe.
    ///
    /// @return whether a selector can wait for it
    private boolean registerOutput() throws IOException {
        try {
            selector.register(output, Interest.HANGUP, this::write);
            return true;
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("EPERM")) {
                throw e;
            }
            return false; // a regular file or /dev/null, to which a write never waits
        }
    }

    private int loop() throws IOException {
        while (exitCode.isEmpty()) {
            if (!output.isPending() && !toRead.isEmpty()) {
                readNext();
            } else if (outputIsPolled) {
                selector.modify(output, output.isPending() ? Interest.WRITE : Interest.HANGUP, this::write);
                selector.select((key, readiness) -> key.data().ready(readiness));
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

    /// Reads bytes of the next file for the output.
    private void readNext() throws IOException {
        FollowedFile file = toRead.iterator().next();
        ByteBuffer bytes;
        try {
            bytes = file.read();
        } catch (IOException e) {
            stopFollowing(file, FollowedFile.reason(e));
            return;
        }
        if (bytes.hasRemaining()) {
            ByteBuffer header = UTF_8.encode(file.equals(lastPrinted) ? "" : header(file));
            output.put(ByteBuffer.allocate(header.remaining() + bytes.remaining())
                    .put(header)
                    .put(bytes)
                    .flip());
            lastPrinted = file;
        } else if (file.isInItsDirectory()) {
            toRead.remove(file);
        } else {
            stopFollowing(file, "its directory is gone");
        }
    }

    private String header(FollowedFile file) {
        return headers ? (lastPrinted == null ? "" : "\n") + "==> " + file + " <==\n" : "";
    }

    private void stopFollowing(FollowedFile file, String reason) throws IOException {
        toRead.remove(file);
        files.remove(file);
        file.close();
        String text = "tail: " + file + ": no longer followed: " + reason;
        if (files.isEmpty()) {
            throw new IOException(text);
        }
        messages.line(text);
    }

    private void readEvents(Readiness readiness) throws IOException {
        for (InotifyEvent event : inotify.read()) {
            for (FollowedFile file : files) {
                if (file.isConcernedBy(event)) {
                    toRead.add(file);
                }
            }
        }
    }

    private void write(Readiness readiness) throws IOException {
        if (!readiness.isWritable()) {
            throw new IOException("tail: the reader of the standard output has closed it");
        }
        output.write();
    }

    @Override
    public void close() throws IOException {
        for (FollowedFile file : files) {
            file.close();
        }
    }
}
