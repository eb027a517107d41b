package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.watch.InotifyFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An inotify watch on a directory.
final class InotifySource implements ReadySource {

    private final Path directory = Files.createTempDirectory("inotify");
    private final InotifyFd inotify = InotifyFd.open();

    InotifySource() throws IOException {
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        inotify.setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return inotify;
    }

    @Override
    public void fire() throws IOException {
        Files.createTempFile(directory, "file", "");
    }

    @Override
    public void consume() throws IOException {
        while (!inotify.read().isEmpty()) {}
    }

    @Override
    public void close() throws IOException {
        inotify.close();
        Directories.delete(directory);
    }
}
