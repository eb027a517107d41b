package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A directory tree to watch, and operations and assertions on it.
@Timeout(240)
abstract class InotifyTreeFixture {

    @TempDir
    Path directory;

    Path root;
    Path outside;
    final List<InotifyTree> opened = new ArrayList<>();

    @BeforeEach
    void createDirectories() throws Exception {
        root = Files.createDirectory(directory.resolve("root"));
        outside = Files.createDirectory(directory.resolve("outside"));
    }

    @AfterEach
    void close() throws Exception {
        for (InotifyTree tree : opened) {
            tree.close();
        }
    }

    final InotifyTree open(int mask) throws IOException {
        InotifyTree tree = InotifyTree.open(root, mask);
        tree.setBlocking(false);
        opened.add(tree);
        return tree;
    }

    final Path mkdirs(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    final Path touch(String path) throws IOException {
        return Files.createFile(root.resolve(path));
    }

    final void move(String from, String to) throws IOException {
        Files.move(root.resolve(from), root.resolve(to));
    }

    /// Reads all queued events as strings: the names of the flags, and the path below the root.
    final List<String> readAll(InotifyTree tree) throws IOException {
        List<String> all = new ArrayList<>();
        for (TreeEvent event : InotifyTreeRandomTest.drain(tree)) {
            all.add(InotifyFd.maskToString(event.mask()) + " " + root.relativize(event.path()));
        }
        return all;
    }

    /// Asserts that exactly the existing directories are watched, by the tree and by the kernel.
    final void assertWatchesAll(InotifyTree tree) throws IOException {
        InotifyTreeRandomTest.assertWatchesAll(tree, root);
    }

    static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }
}
