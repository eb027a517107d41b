package io.selectors4j.watch;

import static io.selectors4j.watch.InotifyFd.IN_ATTRIB;
import static io.selectors4j.watch.InotifyFd.IN_CREATE;
import static io.selectors4j.watch.InotifyFd.IN_DELETE;
import static io.selectors4j.watch.InotifyFd.IN_DELETE_SELF;
import static io.selectors4j.watch.InotifyFd.IN_MOVE_SELF;
import static io.selectors4j.watch.InotifyFd.IN_Q_OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Directories;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Limits of a tree: overflow, directories that cannot be watched, loss of the root, wrong use.
class InotifyTreeLimitsTest extends InotifyTreeFixture {

    @Test
    void overflow_everythingIsWatchedAgain() throws Exception {
        mkdirs("a/b");
        mkdirs("gone/below");
        mkdirs("away/below");
        InotifyTree tree = open(IN_CREATE | IN_ATTRIB);
        Path one = touch("one");
        Path two = touch("two");
        for (int i = 0; i <= Directories.maxQueuedEvents() / 2; i++) {
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-------"));
            Files.setPosixFilePermissions(two, PosixFilePermissions.fromString("rw-------"));
        }
        // The queue is full: the kernel drops the events of these operations.
        mkdirs("new/deep");
        touch("new/deep/file");
        Directories.delete(root.resolve("gone"));
        Files.move(root.resolve("away"), outside.resolve("away"));
        move("a", "c");
        List<TreeEvent> events = InotifyTreeRandomTest.drain(tree);
        assertThat(events.stream().filter(event -> event.has(IN_Q_OVERFLOW)))
                .containsExactly(new TreeEvent(root, IN_Q_OVERFLOW, 0));
        assertThat(events).contains(new TreeEvent(root.resolve("new/deep/file"), IN_CREATE, 0));
        assertWatchesAll(tree);
        touch("c/b/file");
        touch("new/deep/more");
        Files.createFile(outside.resolve("away/below/file"));
        assertThat(readAll(tree)).containsExactly("IN_CREATE c/b/file", "IN_CREATE new/deep/more");
    }

    @Test
    void overflow_reportsThatTheRootIsGone() throws Exception {
        InotifyTree tree = open(IN_ATTRIB);
        Path one = touch("one");
        Path two = touch("two");
        for (int i = 0; i <= Directories.maxQueuedEvents() / 2; i++) {
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-------"));
            Files.setPosixFilePermissions(two, PosixFilePermissions.fromString("rw-------"));
        }
        Directories.delete(root);
        Files.createDirectory(root); // another one
        List<TreeEvent> events = new ArrayList<>();
        while (events.isEmpty() || !events.getLast().has(InotifyFd.IN_IGNORED)) {
            events.addAll(tree.read());
        }
        assertThat(events.subList(events.size() - 2, events.size()))
                .containsExactly(new TreeEvent(root, IN_Q_OVERFLOW, 0), new TreeEvent(root, InotifyFd.IN_IGNORED, 0));
        assertErrno("ENOENT", tree::read);
        assertThat(InotifyTreeRandomTest.kernelWatches(tree)).isZero();
    }

    @Test
    void addWatchFailure_isReportedAndTheRestIsWatched() throws Exception {
        InotifyTree tree = open(IN_CREATE);
        mkdirs("a/b");
        touch("file");
        Background.run(() -> {
            Libc.failSyscall(InotifyFdTest.addWatchSyscall(), Errno.number("ENOSPC"));
            assertThat(readAll(tree)).containsExactly("IN_CREATE|IN_ISDIR a", "IN_Q_OVERFLOW a", "IN_CREATE file");
            return null;
        });
        touch("more");
        mkdirs("c");
        touch("c/file");
        assertThat(readAll(tree)).containsOnly("IN_CREATE more", "IN_CREATE|IN_ISDIR c", "IN_CREATE c/file");
    }

    @Test
    void addWatchFailure_failsOpen() throws Exception {
        mkdirs("a");
        Map<Integer, String> before = OpenFiles.list();
        Background.run(() -> {
            Libc.failSyscall(InotifyFdTest.addWatchSyscall(), Errno.number("ENOSPC"));
            assertErrno("ENOSPC", () -> InotifyTree.open(root, IN_CREATE));
            return null;
        });
        assertErrno("ENOENT", () -> InotifyTree.open(root.resolve("missing"), IN_CREATE));
        assertErrno("ENOTDIR", () -> InotifyTree.open(touch("file"), IN_CREATE));
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void unreadableDirectory_isSkipped() throws Exception {
        for (Path path : List.of(directory, root)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path secret = mkdirs("secret");
        mkdirs("secret/below");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        mkdirs("open");
        Background.run(() -> {
            Libc.dropFilePrivileges();
            assertErrno("EACCES", () -> InotifyTree.open(secret, IN_CREATE));
            InotifyTree tree = open(IN_CREATE);
            assertThat(tree.directories()).containsExactly(root, root.resolve("open"));
            return null;
        });
        Path another = mkdirs("another");
        Files.setPosixFilePermissions(another, PosixFilePermissions.fromString("---------"));
        Background.run(() -> {
            Libc.dropFilePrivileges();
            assertThat(readAll(opened.getFirst())).containsExactly("IN_CREATE|IN_ISDIR another");
            return null;
        });
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(another, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void deletedRoot_endsTheTree() throws Exception {
        mkdirs("a");
        InotifyTree tree = open(IN_CREATE);
        Directories.delete(root);
        assertThat(tree.read())
                .containsExactly(new TreeEvent(root, IN_DELETE_SELF, 0), new TreeEvent(root, InotifyFd.IN_IGNORED, 0));
        assertErrno("ENOENT", tree::read);
        tree.setBlocking(true);
        assertErrno("ENOENT", tree::read);
        assertThat(tree.directories()).isEmpty();
    }

    @Test
    void renamedRoot_endsTheTree() throws Exception {
        mkdirs("a/b");
        InotifyTree tree = open(IN_CREATE);
        Files.move(root, outside.resolve("root"));
        Files.createFile(outside.resolve("root/a/file"));
        assertThat(tree.read())
                .containsExactly(new TreeEvent(root, IN_MOVE_SELF, 0), new TreeEvent(root, InotifyFd.IN_IGNORED, 0));
        assertErrno("ENOENT", tree::read);
        assertThat(InotifyTreeRandomTest.kernelWatches(tree)).isZero();
    }

    @Test
    void selfEvent_isReportedIfRequested() throws Exception {
        mkdirs("a");
        InotifyTree tree = open(IN_MOVE_SELF);
        move("a", "b");
        assertThat(readAll(tree)).containsExactly("IN_MOVE_SELF b");
    }

    @Test
    void undecodableNames_leadToTheFiles() throws Exception {
        InotifyTree tree = open(IN_CREATE);
        Path strange = Path.of(URI.create(root.toUri() + "a%ff"));
        Files.createDirectory(strange);
        assertThat(tree.read()).extracting(TreeEvent::path).containsExactly(strange);
        Path file = Files.createFile(Path.of(URI.create(strange.toUri() + "x%fe")));
        assertThat(tree.read()).extracting(TreeEvent::path).containsExactly(file);
        Path below = Files.createDirectory(strange.resolve("below"));
        Files.createFile(below.resolve("file"));
        assertThat(InotifyTreeRandomTest.drain(tree))
                .extracting(TreeEvent::path)
                .contains(below.resolve("file"));
        assertWatchesAll(tree);
    }

    @Test
    void close_endsABlockedRead() throws Exception {
        for (int i = 0; i < 10; i++) {
            InotifyTree tree = InotifyTree.open(root, IN_CREATE);
            int number = tree.fileno();
            try (var one = Background.start(tree::read)) {
                one.awaitAsleep();
                tree.close();
                assertThat(one.failure()).isInstanceOf(AsynchronousCloseException.class);
            }
            assertThat(Libc.isOpen(number)).isFalse();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(tree::read);
            assertThat(tree).hasToString("InotifyTree[closed]");
        }
    }

    @Test
    void secondReader_readsAfterTheFirst() throws Exception {
        InotifyTree tree = InotifyTree.open(root, IN_CREATE);
        opened.add(tree);
        try (var one = Background.start(tree::read);
                var two = Background.start(tree::read)) {
            touch("one");
            while (one.isRunning() && two.isRunning()) {
                Thread.onSpinWait();
            }
            touch("two");
            assertThat(one.result()).isNotEmpty();
            assertThat(two.result()).isNotEmpty();
        }
    }

    @Test
    void wrongMask_isRefused() {
        for (int mask : new int[] {
            0, InotifyFd.IN_ISDIR, IN_CREATE | InotifyFd.IN_ONESHOT, IN_CREATE | InotifyFd.IN_MASK_ADD, IN_Q_OVERFLOW
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> InotifyTree.open(root, mask))
                    .withMessageContaining(InotifyFd.maskToString(mask));
        }
    }

    @Test
    void pathOfAnotherProvider_isRefused() throws Exception {
        Path archive = directory.resolve("archive.zip");
        Map<Integer, String> before = OpenFiles.list();
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = Files.createDirectory(zip.getPath("/etc"));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> InotifyTree.open(inside, IN_CREATE))
                    .withMessageEndingWith(": /etc");
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void newTree_isBlockingAndCloseOnExec() throws Exception {
        try (InotifyTree tree = InotifyTree.open(root, IN_CREATE);
                Fd copy = tree.dup()) {
            assertThat(tree.isBlocking()).isTrue();
            assertThat(Libc.isCloseOnExec(tree.fileno())).isTrue();
            assertThat(tree).hasToString("InotifyTree[fd=" + tree.fileno() + "]");
            touch("file");
            assertThat(copy.read(ByteBuffer.allocate(100))).isEqualTo(32);
            assertErrno("EBADF", () -> tree.write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void event_namesItsFlags() {
        TreeEvent event = new TreeEvent(Path.of("/a/b"), IN_CREATE | InotifyFd.IN_ISDIR, 0);
        assertThat(event).hasToString("TreeEvent[path=/a/b, mask=IN_CREATE|IN_ISDIR, cookie=0]");
        assertThat(event.has(InotifyFd.IN_ISDIR)).isTrue();
        assertThat(event.has(IN_DELETE)).isFalse();
    }
}
