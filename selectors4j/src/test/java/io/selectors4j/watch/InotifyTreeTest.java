package io.selectors4j.watch;

import static io.selectors4j.watch.InotifyFd.IN_CLOSE_WRITE;
import static io.selectors4j.watch.InotifyFd.IN_CREATE;
import static io.selectors4j.watch.InotifyFd.IN_DELETE;
import static io.selectors4j.watch.InotifyFd.IN_DELETE_SELF;
import static io.selectors4j.watch.InotifyFd.IN_MODIFY;
import static io.selectors4j.watch.InotifyFd.IN_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Directories;
import io.selectors4j.testing.Libc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Events of a tree. [InotifyTreeLimitsTest] has its limits and its end.
class InotifyTreeTest extends InotifyTreeFixture {

    @Test
    void eventsAtAnyDepth_haveTheirPath() throws Exception {
        mkdirs("a/b/c");
        InotifyTree tree = open(IN_CREATE | IN_CLOSE_WRITE | IN_DELETE);
        assertThat(tree.read()).isEmpty();
        assertWatchesAll(tree);
        touch("top");
        Path deep = touch("a/b/c/deep");
        Files.delete(deep);
        assertThat(readAll(tree))
                .containsExactly(
                        "IN_CREATE top",
                        "IN_CLOSE_WRITE top",
                        "IN_CREATE a/b/c/deep",
                        "IN_CLOSE_WRITE a/b/c/deep",
                        "IN_DELETE a/b/c/deep");
        assertThat(tree.root()).isEqualTo(root);
    }

    @Test
    void relativeRoot_reportsRelativePaths() throws Exception {
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
    void eventsNotRequested_areNotReported() throws Exception {
        InotifyTree tree = open(IN_MODIFY);
        mkdirs("a/b");
        assertThat(readAll(tree)).isEmpty();
        Files.writeString(root.resolve("a/b/file"), "text");
        move("a", "c");
        Files.writeString(root.resolve("c/b/file"), "text");
        assertThat(readAll(tree)).containsExactly("IN_MODIFY a/b/file", "IN_MODIFY c/b/file");
        assertWatchesAll(tree);
    }

    @Test
    void blockingRead_waitsForARequestedEvent() throws Exception {
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
    void newDirectory_itsEntriesAreReported() throws Exception {
        InotifyTree tree = open(IN_CREATE);
        mkdirs("a/b/c");
        touch("a/file");
        touch("a/b/c/deep");
        assertThat(readAll(tree))
                .containsOnly(
                        "IN_CREATE|IN_ISDIR a",
                        "IN_CREATE|IN_ISDIR a/b",
                        "IN_CREATE|IN_ISDIR a/b/c",
                        "IN_CREATE a/file",
                        "IN_CREATE a/b/c/deep");
        assertWatchesAll(tree);
        touch("a/b/c/more");
        assertThat(readAll(tree)).containsExactly("IN_CREATE a/b/c/more");
    }

    @Test
    void directoryMovedIn_itsEntriesAreReported() throws Exception {
        Files.createDirectories(outside.resolve("a/b"));
        Files.createFile(outside.resolve("a/b/file"));
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Files.move(outside.resolve("a"), root.resolve("x"));
        assertThat(readAll(tree))
                .containsExactly("IN_MOVED_TO|IN_ISDIR x", "IN_CREATE|IN_ISDIR x/b", "IN_CREATE x/b/file");
        assertWatchesAll(tree);
    }

    @Test
    void renamedDirectory_reportsItsNewPath() throws Exception {
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
        assertThat(readAll(tree)).containsExactly("IN_CREATE c/e/four");
    }

    @Test
    void renameSplitOverTwoReads_isOneRename() throws Exception {
        mkdirs("a/b");
        // The buffer has room for one event with this name.
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
    void directoryMovedOut_isNoLongerWatched() throws Exception {
        mkdirs("a/b");
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Files.move(root.resolve("a"), outside.resolve("a"));
        assertThat(readAll(tree)).containsExactly("IN_MOVED_FROM|IN_ISDIR a");
        assertWatchesAll(tree);
        Files.createFile(outside.resolve("a/b/file"));
        assertThat(readAll(tree)).isEmpty();
        Files.move(outside.resolve("a"), root.resolve("back"));
        assertThat(readAll(tree))
                .containsExactly("IN_MOVED_TO|IN_ISDIR back", "IN_CREATE|IN_ISDIR back/b", "IN_CREATE back/b/file");
        assertWatchesAll(tree);
    }

    @Test
    void directoryMovedOutBeforeRead_isNotReported() throws Exception {
        mkdirs("a/b");
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Files.move(root.resolve("a"), outside.resolve("a"));
        Files.createFile(outside.resolve("a/b/file"));
        Files.createDirectory(outside.resolve("a/b/c"));
        mkdirs("a");
        assertThat(readAll(tree)).containsExactly("IN_MOVED_FROM|IN_ISDIR a", "IN_CREATE|IN_ISDIR a");
        assertWatchesAll(tree);
    }

    @Test
    void deletedDirectory_isNoLongerWatched() throws Exception {
        mkdirs("a/b/c");
        InotifyTree tree = open(IN_DELETE | IN_DELETE_SELF);
        Directories.delete(root.resolve("a"));
        assertThat(readAll(tree))
                .contains(
                        "IN_DELETE_SELF a/b/c", "IN_DELETE|IN_ISDIR a/b/c", "IN_DELETE_SELF a", "IN_DELETE|IN_ISDIR a");
        assertWatchesAll(tree);
        mkdirs("a/b");
        assertThat(readAll(tree)).isEmpty();
        assertWatchesAll(tree);
    }

    @Test
    void renameOverADirectory_reportsTheNewPath() throws Exception {
        mkdirs("a/below");
        mkdirs("b");
        InotifyTree tree = open(IN_CREATE);
        Libc.rename(root.resolve("a"), root.resolve("b"));
        touch("b/below/file");
        assertThat(readAll(tree)).containsExactly("IN_CREATE b/below/file");
        assertWatchesAll(tree);
    }

    @Test
    void replacedOpenDirectory_isNoLongerWatched() throws Exception {
        mkdirs("a/below");
        Path replaced = mkdirs("b");
        InotifyTree tree = open(IN_CREATE | IN_MOVE | IN_DELETE_SELF);
        try (FileFd open = FileFd.open(replaced, FileFd.O_RDONLY)) {
            Libc.rename(root.resolve("a"), replaced);
            assertThat(readAll(tree)).containsExactly("IN_MOVED_FROM|IN_ISDIR a", "IN_MOVED_TO|IN_ISDIR b");
            assertThat(open.isOpen()).isTrue();
            assertWatchesAll(tree);
        }
        assertThat(readAll(tree)).isEmpty();
    }

    @Test
    void exchangedDirectories_reportTheirNewPaths() throws Exception {
        mkdirs("a/one");
        mkdirs("b/two");
        touch("a/file");
        InotifyTree tree = open(IN_CREATE | IN_MOVE);
        Libc.exchange(root.resolve("a"), root.resolve("b"));
        assertThat(readAll(tree))
                .containsExactly(
                        "IN_MOVED_FROM|IN_ISDIR a",
                        "IN_MOVED_TO|IN_ISDIR b",
                        "IN_MOVED_FROM|IN_ISDIR b",
                        "IN_MOVED_TO|IN_ISDIR a");
        touch("a/two/file");
        touch("b/one/file");
        assertThat(readAll(tree)).containsExactly("IN_CREATE a/two/file", "IN_CREATE b/one/file");
        assertWatchesAll(tree);
    }

    @Test
    void newDirectoryRenamedAndReplaced_bothAreWatched() throws Exception {
        InotifyTree tree = open(IN_CREATE);
        mkdirs("a");
        touch("a/one");
        move("a", "b");
        mkdirs("a");
        touch("a/two");
        assertThat(readAll(tree)).contains("IN_CREATE b/one", "IN_CREATE a/two");
        assertWatchesAll(tree);
        touch("a/three");
        touch("b/four");
        assertThat(readAll(tree)).containsExactly("IN_CREATE a/three", "IN_CREATE b/four");
    }

    @Test
    void parentRenamedBeforeRead_entriesAreReported() throws Exception {
        mkdirs("p");
        InotifyTree tree = open(IN_CREATE);
        mkdirs("p/x");
        touch("p/x/one");
        move("p", "q");
        mkdirs("p/x");
        touch("p/x/two");
        assertThat(readAll(tree)).contains("IN_CREATE q/x/one", "IN_CREATE p/x/two");
        assertWatchesAll(tree);
        touch("p/x/three");
        touch("q/x/four");
        assertThat(readAll(tree)).containsExactly("IN_CREATE p/x/three", "IN_CREATE q/x/four");
    }

    @Test
    void linkInPlaceOfAParent_isNotWatchedInTheEnd() throws Exception {
        mkdirs("p");
        Files.createDirectory(outside.resolve("x"));
        InotifyTree tree = open(IN_CREATE);
        mkdirs("p/x");
        touch("p/x/one");
        move("p", "q");
        Files.createSymbolicLink(root.resolve("p"), outside);
        assertThat(readAll(tree)).contains("IN_CREATE q/x/one");
        assertWatchesAll(tree);
        Files.createFile(outside.resolve("x/two"));
        touch("q/x/three");
        assertThat(readAll(tree)).containsExactly("IN_CREATE q/x/three");
    }

    @Test
    void symbolicLinks_areNotFollowed() throws Exception {
        Files.createSymbolicLink(root.resolve("before"), outside);
        InotifyTree tree = open(IN_CREATE);
        Files.createSymbolicLink(root.resolve("link"), outside);
        mkdirs("a");
        Files.createSymbolicLink(root.resolve("a/link"), outside);
        Files.createFile(outside.resolve("file"));
        assertThat(readAll(tree)).containsOnly("IN_CREATE link", "IN_CREATE|IN_ISDIR a", "IN_CREATE a/link");
        assertWatchesAll(tree);
    }

    @Test
    void rootLink_isResolvedOnce() throws Exception {
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
}
