package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.watch.InotifyFd;
import io.selectors4j.watch.InotifyTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A watch on a directory tree.
final class InotifyTreeSource implements ReadySource {

    private final Path root = Files.createTempDirectory("tree");
    private final Path below = Files.createDirectories(root.resolve("one/two"));
    private final InotifyTree tree = InotifyTree.open(root, InotifyFd.IN_CREATE);

    InotifyTreeSource() throws IOException {
        tree.setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return tree;
    }

    @Override
    public void fire() throws IOException {
        Files.createTempDirectory(below, "three");
    }

    @Override
    public void consume() throws IOException {
        while (!tree.read().isEmpty()) {}
    }

    @Override
    public void close() throws IOException {
        tree.close();
        Directories.delete(root);
    }
}
