package io.selectors4j.fd;

import static io.selectors4j.fd.InotifyFd.IN_ATTRIB;
import static io.selectors4j.fd.InotifyFd.IN_CLOSE_WRITE;
import static io.selectors4j.fd.InotifyFd.IN_CREATE;
import static io.selectors4j.fd.InotifyFd.IN_DELETE;
import static io.selectors4j.fd.InotifyFd.IN_DELETE_SELF;
import static io.selectors4j.fd.InotifyFd.IN_MODIFY;
import static io.selectors4j.fd.InotifyFd.IN_MOVE;
import static io.selectors4j.fd.InotifyFd.IN_MOVE_SELF;
import static io.selectors4j.fd.InotifyFd.IN_Q_OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Directories;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InotifyTreeTest {

    @TempDir
    private Path directory;

    private Path root;
    private Path outside;
    private final List<InotifyTree> opened = new ArrayList<>();

    @BeforeEach
    void make() throws Exception {
        root = Files.createDirectory(directory.resolve("root"));
        outside = Files.createDirectory(directory.resolve("outside"));
    }

    @AfterEach
    void close() throws Exception {
        for (InotifyTree tree : opened) {
            tree.close();
        }
    }

    private InotifyTree open(int mask) throws IOException {
        InotifyTree tree = InotifyTree.open(root, mask);
        tree.setBlocking(false);
        opened.add(tree);
        return tree;
    }

    private Path mkdirs(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    private Path touch(String path) throws IOException {
        return Files.createFile(root.resolve(path));
    }

    private void move(String from, String to) throws IOException {
        Files.move(root.resolve(from), root.resolve(to));
    }

    /// Reads all there is, each as the names of its flags and the path below the root.
    private List<String> all(InotifyTree tree) throws IOException {
        List<String> all = new ArrayList<>();
        for (TreeEvent event : InotifyTreeRandomTest.drain(tree)) {
            all.add(InotifyFd.maskToString(event.mask()) + " " + root.relativize(event.path()));
        }
        return all;
    }

    /// Everything is watched that there is, and nothing else, which the kernel says too.
    private void assertWatchesAll(InotifyTree tree) throws IOException {
        InotifyTreeRandomTest.assertWatchesAll(tree, root);
    }

    private static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }

    @Test
    void whatHappensAtAnyDepthIsToldWithItsPath() throws Exception {
        mkdirs("a/b/c");
        InotifyTree tree = open(IN_CREATE | IN_CLOSE_WRITE | IN_DELETE);
        assertThat(tree.read()).isEmpty();
        assertWatchesAll(tree);
        touch("top");
        Path deep = touch("a/b/c/deep");
        Files.delete(deep);
        assertThat(all(tree))
                .containsExactly(
                        "IN_CREATE top",
                        "IN_CLOSE_WRITE top",
                        "IN_CREATE a/b/c/deep",
                        "IN_CLOSE_WRITE a/b/c/deep",
                        "IN_DELETE a/b/c/deep");
        assertThat(tree.root()).isEqualTo(root);
    }

    @Test
    void aRelativeRootGivesRelativePaths() throws Exception {
        Path here = Path.of("target/inotify-tree");
        Path below = Files.createDirectories(here.resolve("below"));
        try (InotifyTree tree = InotifyTree.open(here, IN_CREATE)) {
            Files.createFile(below.resolve("file"));
            assertThat(tree.read())
                    .containsExactly(new TreeEvent(Path.of("target/inotify-tree/below/file"), IN_CREATE, 0));
        } finally {
            Directories.delete(here);
        }
    }

    @Test
    void onlyWhatIsAskedForIsTold() throws Exception {
        InotifyTree tree = open(IN_MODIFY);
        mkdirs("a/b");
        assertThat(all(tree)).isEmpty();
        Files.writeString(root.resolve("a/b/file"), "text");
        move("a", "c");
        Files.writeString(root.resolve("c/b/file"), "text");
        assertThat(all(tree)).containsExactly("IN_MODIFY a/b/file", "IN_MODIFY c/b/file");
        assertWatchesAll(tree);
    }

    @Test
    void aBlockingReadWaitsForWhatIsAskedFor() throws Exception {
        InotifyTree tree = open(IN_DELETE);
        tree.setBlocking(true);
        try (var reading = Background.start(tree::read)) {
            reading.awaitAsleep();
            Path file = touch("file");
            mkdirs("a");
            reading.awaitAsleep();
            Files.delete(file);
            assertThat(reading.result()).extracting(TreeEvent::path).containsExactly(file);
        }
    }

    @Test
    void whatIsInANewDirectoryAlreadyIsToldToo() throws Exception {
        InotifyTree tree = open(IN_CREATE);
        mkdirs("a/b/c");
        touch("a/file");
        touch("a/b/c/deep");
        assertThat(all(tree))
                .containsOnly(
                        "IN_CREATE|IN_ISDIR a",
                        "IN_CREATE|IN_ISDIR a/b",
                        "IN_CREATE|IN_ISDIR a/b/c",
                        "IN_CREATE a/file",
                        "IN_CREATE a/b/c/deep");
        assertWatchesAll(tree);
        touch("a/b/c/more");
        assertThat(all(tree)).containsExactly("IN_CREATE a/b/c/more");
    }

    @Test
    void aDirectoryThatIsMovedIntoTheTreeIsNew() throws Exception {
        Files.createDirectories(outside.resolve("a/b"));
        Files.createFile(outside.resolve("a/b/file"));
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Files.move(outside.resolve("a"), root.resolve("x"));
        assertThat(all(tree)).containsExactly("IN_MOVED_TO|IN_ISDIR x", "IN_CREATE|IN_ISDIR x/b", "IN_CREATE x/b/file");
        assertWatchesAll(tree);
    }

    @Test
    void aDirectoryThatIsRenamedGoesOnUnderItsNewPath() throws Exception {
        mkdirs("a/b");
        mkdirs("c");
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        touch("a/b/one");
        move("a", "c/d");
        touch("c/d/b/two");
        move("c/d/b", "c/e");
        touch("c/e/three");
        List<TreeEvent> events = tree.read();
        assertThat(events)
                .extracting(event -> root.relativize(event.path()).toString())
                .containsExactly("a/b/one", "a", "c/d", "c/d/b/two", "c/d/b", "c/e", "c/e/three");
        assertThat(events.get(1).cookie()).isNotZero().isEqualTo(events.get(2).cookie());
        assertThat(events.get(4).cookie())
                .isEqualTo(events.get(5).cookie())
                .isNotEqualTo(events.get(1).cookie());
        assertThat(tree.read()).isEmpty();
        assertWatchesAll(tree);
        touch("c/e/four");
        assertThat(all(tree)).containsExactly("IN_CREATE c/e/four");
    }

    @Test
    void aRenameThatIsReadInTwoPartsIsOne() throws Exception {
        mkdirs("a/b");
        // Room for one event of this length at a time.
        String name = "n".repeat(255);
        try (InotifyTree tree = InotifyTree.open(root, IN_CREATE | IN_MOVE, 300)) {
            tree.setBlocking(false);
            move("a", name);
            assertThat(tree.read()).hasSize(1);
            assertThat(tree.read()).hasSize(1).allMatch(event -> event.has(InotifyFd.IN_MOVED_TO));
            touch(name + "/b/file");
            assertThat(InotifyTreeRandomTest.drain(tree))
                    .extracting(TreeEvent::path)
                    .contains(root.resolve(name + "/b/file"));
            assertWatchesAll(tree);
        }
    }

    @Test
    void whatLeavesTheTreeIsNotWatchedAnyMore() throws Exception {
        mkdirs("a/b");
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Files.move(root.resolve("a"), outside.resolve("a"));
        assertThat(all(tree)).containsExactly("IN_MOVED_FROM|IN_ISDIR a");
        assertWatchesAll(tree);
        Files.createFile(outside.resolve("a/b/file"));
        assertThat(all(tree)).isEmpty();
        Files.move(outside.resolve("a"), root.resolve("back"));
        assertThat(all(tree))
                .containsExactly("IN_MOVED_TO|IN_ISDIR back", "IN_CREATE|IN_ISDIR back/b", "IN_CREATE back/b/file");
        assertWatchesAll(tree);
    }

    @Test
    void whatLeavesTheTreeAndIsReadLaterIsNotTold() throws Exception {
        mkdirs("a/b");
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Files.move(root.resolve("a"), outside.resolve("a"));
        Files.createFile(outside.resolve("a/b/file"));
        Files.createDirectory(outside.resolve("a/b/c"));
        mkdirs("a");
        assertThat(all(tree)).containsExactly("IN_MOVED_FROM|IN_ISDIR a", "IN_CREATE|IN_ISDIR a");
        assertWatchesAll(tree);
    }

    @Test
    void whatIsDeletedIsForgotten() throws Exception {
        mkdirs("a/b/c");
        InotifyTree tree = open(IN_DELETE | IN_DELETE_SELF);
        Directories.delete(root.resolve("a"));
        assertThat(all(tree))
                .contains(
                        "IN_DELETE_SELF a/b/c", "IN_DELETE|IN_ISDIR a/b/c", "IN_DELETE_SELF a", "IN_DELETE|IN_ISDIR a");
        assertWatchesAll(tree);
        mkdirs("a/b");
        assertThat(all(tree)).isEmpty();
        assertWatchesAll(tree);
    }

    @Test
    void aDirectoryThatTakesThePlaceOfAnotherOne() throws Exception {
        mkdirs("a/below");
        mkdirs("b");
        InotifyTree tree = open(IN_CREATE);
        Libc.rename(root.resolve("a"), root.resolve("b"));
        touch("b/below/file");
        assertThat(all(tree)).containsExactly("IN_CREATE b/below/file");
        assertWatchesAll(tree);
    }

    @Test
    void aDirectoryThatIsReplacedWhileSomebodyHasItOpen() throws Exception {
        mkdirs("a/below");
        Path replaced = mkdirs("b");
        InotifyTree tree = open(IN_CREATE | IN_MOVE | IN_DELETE_SELF);
        try (FileFd open = FileFd.open(replaced, FileFd.O_RDONLY)) {
            Libc.rename(root.resolve("a"), replaced);
            assertThat(all(tree)).containsExactly("IN_MOVED_FROM|IN_ISDIR a", "IN_MOVED_TO|IN_ISDIR b");
            assertThat(open.isOpen()).isTrue();
            assertWatchesAll(tree);
        }
        assertThat(all(tree)).isEmpty();
    }

    @Test
    void twoDirectoriesThatAreExchanged() throws Exception {
        mkdirs("a/one");
        mkdirs("b/two");
        touch("a/file");
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Libc.exchange(root.resolve("a"), root.resolve("b"));
        assertThat(all(tree))
                .containsExactly(
                        "IN_MOVED_FROM|IN_ISDIR a",
                        "IN_MOVED_TO|IN_ISDIR b",
                        "IN_MOVED_FROM|IN_ISDIR b",
                        "IN_MOVED_TO|IN_ISDIR a");
        touch("a/two/file");
        touch("b/one/file");
        assertThat(all(tree)).containsExactly("IN_CREATE a/two/file", "IN_CREATE b/one/file");
        assertWatchesAll(tree);
    }

    @Test
    void aDirectoryThatIsInThePlaceOfOneThatIsNotKnownYet() throws Exception {
        InotifyTree tree = open(IN_CREATE);
        mkdirs("a");
        touch("a/one");
        move("a", "b");
        mkdirs("a");
        touch("a/two");
        assertThat(all(tree)).contains("IN_CREATE b/one", "IN_CREATE a/two");
        assertWatchesAll(tree);
        touch("a/three");
        touch("b/four");
        assertThat(all(tree)).containsExactly("IN_CREATE a/three", "IN_CREATE b/four");
    }

    @Test
    void aParentThatIsRenamedBeforeWhatIsInItIsKnown() throws Exception {
        mkdirs("p");
        InotifyTree tree = open(IN_CREATE);
        mkdirs("p/x");
        touch("p/x/one");
        move("p", "q");
        mkdirs("p/x");
        touch("p/x/two");
        assertThat(all(tree)).contains("IN_CREATE q/x/one", "IN_CREATE p/x/two");
        assertWatchesAll(tree);
        touch("p/x/three");
        touch("q/x/four");
        assertThat(all(tree)).containsExactly("IN_CREATE p/x/three", "IN_CREATE q/x/four");
    }

    @Test
    void aLinkInThePlaceOfAParentIsNotFollowedForLong() throws Exception {
        mkdirs("p");
        Files.createDirectory(outside.resolve("x"));
        InotifyTree tree = open(IN_CREATE);
        mkdirs("p/x");
        touch("p/x/one");
        move("p", "q");
        Files.createSymbolicLink(root.resolve("p"), outside);
        assertThat(all(tree)).contains("IN_CREATE q/x/one");
        assertWatchesAll(tree);
        Files.createFile(outside.resolve("x/two"));
        touch("q/x/three");
        assertThat(all(tree)).containsExactly("IN_CREATE q/x/three");
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Files.createSymbolicLink(root.resolve("before"), outside);
        InotifyTree tree = open(IN_CREATE);
        Files.createSymbolicLink(root.resolve("link"), outside);
        mkdirs("a");
        Files.createSymbolicLink(root.resolve("a/link"), outside);
        Files.createFile(outside.resolve("file"));
        assertThat(all(tree)).containsOnly("IN_CREATE link", "IN_CREATE|IN_ISDIR a", "IN_CREATE a/link");
        assertWatchesAll(tree);
    }

    @Test
    void theRootMayBeALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);
        mkdirs("a");
        try (InotifyTree tree = InotifyTree.open(link, IN_CREATE)) {
            mkdirs("a/b");
            assertThat(tree.read()).extracting(TreeEvent::path).containsExactly(link.resolve("a/b"));
            Files.delete(link);
            Files.createSymbolicLink(link, outside);
            Files.createDirectory(outside.resolve("x"));
            mkdirs("a/b/c");
            assertThat(tree.read()).extracting(TreeEvent::path).containsExactly(link.resolve("a/b/c"));
            assertThat(tree.directories())
                    .containsExactly(link, link.resolve("a"), link.resolve("a/b"), link.resolve("a/b/c"));
        }
    }

    @Test
    void afterAnOverflowEverythingIsWatchedAgain() throws Exception {
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
        // Nothing of this is told by the kernel.
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
        assertThat(all(tree)).containsExactly("IN_CREATE c/b/file", "IN_CREATE new/deep/more");
    }

    @Test
    void anOverflowTellsThatTheRootIsGone() throws Exception {
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
    void whatCannotBeWatchedIsToldAndNothingElseIsLost() throws Exception {
        InotifyTree tree = open(IN_CREATE);
        mkdirs("a/b");
        touch("file");
        Background.run(() -> {
            Libc.failSyscall(InotifyFdTest.addWatchSyscall(), Errno.number("ENOSPC"));
            assertThat(all(tree)).containsExactly("IN_CREATE|IN_ISDIR a", "IN_Q_OVERFLOW a", "IN_CREATE file");
            return null;
        });
        touch("more");
        mkdirs("c");
        touch("c/file");
        assertThat(all(tree)).containsOnly("IN_CREATE more", "IN_CREATE|IN_ISDIR c", "IN_CREATE c/file");
    }

    @Test
    void aTreeThatCannotBeWatchedAsAWholeIsNotOpened() throws Exception {
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
    void whatMayNotBeReadIsPassedOver() throws Exception {
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
            assertThat(all(opened.getFirst())).containsExactly("IN_CREATE|IN_ISDIR another");
            return null;
        });
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(another, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theEndOfTheRootIsTheEnd() throws Exception {
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
    void aRootThatIsRenamedIsGone() throws Exception {
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
    void whatADirectoryTellsOfItselfIsToldIfItIsAskedFor() throws Exception {
        mkdirs("a");
        InotifyTree tree = open(IN_MOVE_SELF);
        move("a", "b");
        assertThat(all(tree)).containsExactly("IN_MOVE_SELF b");
    }

    @Test
    void namesOfAnyBytes() throws Exception {
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
    void closingEndsAReadThatWaits() throws Exception {
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
    void aSecondReaderComesAfterTheFirst() throws Exception {
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
    void wrongMasksAreRefused() {
        for (int mask : new int[] {
            0, InotifyFd.IN_ISDIR, IN_CREATE | InotifyFd.IN_ONESHOT, IN_CREATE | InotifyFd.IN_MASK_ADD, IN_Q_OVERFLOW
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> InotifyTree.open(root, mask))
                    .withMessageContaining(InotifyFd.maskToString(mask));
        }
    }

    @Test
    void aPathOfAnotherFileSystemIsRefused() throws Exception {
        Path archive = directory.resolve("archive.zip");
        Map<Integer, String> before = OpenFiles.list();
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = Files.createDirectory(zip.getPath("/etc"));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> InotifyTree.open(inside, IN_CREATE));
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void itIsBlockingAndCloseOnExecAndItsDuplicateIsPlain() throws Exception {
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
    void eventsShowWhatTheyAre() {
        TreeEvent event = new TreeEvent(Path.of("/a/b"), IN_CREATE | InotifyFd.IN_ISDIR, 0);
        assertThat(event).hasToString("TreeEvent[path=/a/b, mask=IN_CREATE|IN_ISDIR, cookie=0]");
        assertThat(event.has(InotifyFd.IN_ISDIR)).isTrue();
        assertThat(event.has(IN_DELETE)).isFalse();
    }
}
