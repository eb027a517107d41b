package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Background;
import io.selectors4j.testing.Directories;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random operations on a tree, with reads at random times. Directories have few names, so a directory often takes the
/// path of another one that the tree has not seen yet.
@Tag("ci")
@Timeout(300)
class InotifyTreeRandomTest {

    private static final int ROUNDS = Integer.getInteger("tree.rounds", 20);
    private static final int STEPS = 60;

    @TempDir
    private Path directory;

    /// Reads all queued events.
    static List<TreeEvent> drain(InotifyTree tree) throws IOException {
        List<TreeEvent> all = new ArrayList<>();
        for (List<TreeEvent> events = tree.read(); !events.isEmpty(); events = tree.read()) {
            all.addAll(events);
        }
        return all;
    }

    /// Returns the number of watches in the kernel: proc(5).
    static int kernelWatches(InotifyTree tree) throws IOException {
        return (int) Files.readAllLines(Path.of("/proc/self/fdinfo/" + tree.fileno())).stream()
                .filter(line -> line.startsWith("inotify wd:"))
                .count();
    }

    /// Asserts that exactly the existing directories are watched, by the tree and by the kernel.
    static void assertWatchesAll(InotifyTree tree, Path root) throws IOException {
        assertThat(tree.directories()).containsExactlyElementsOf(Directories.below(root));
        assertThat(kernelWatches(tree)).isEqualTo(tree.directories().size());
    }

    /// A file or directory of the model, with the paths that it has had in the tree.
    private static final class Node {

        final boolean isDirectory;
        final TreeMap<String, Node> entries = new TreeMap<>();
        final Set<Path> paths = new HashSet<>();

        @Nullable
        Node parent;

        String name = "";

        Node(boolean isDirectory) {
            this.isDirectory = isDirectory;
        }

        Path path(Path top) {
            return parent == null ? top : parent.path(top).resolve(name);
        }

        boolean isWithin(Node other) {
            for (Node node = this; node != null; node = node.parent) {
                if (node == other) {
                    return true;
                }
            }
            return false;
        }

        void addTo(List<Node> all) {
            all.add(this);
            entries.values().forEach(node -> node.addTo(all));
        }
    }

    /// A model of the files on disk, and random operations on both. The directory `root` is watched, `outside` is not.
    private static final class FileModel {

        final Path top;
        final Path root;
        final Random random;
        final Node topNode = new Node(true);
        final Node rootNode = new Node(true);
        final List<String> log = new ArrayList<>();
        int files;

        /// All paths that any file has had in the tree.
        final Set<Path> paths = new HashSet<>();

        FileModel(Path top, long seed) throws IOException {
            this.top = top;
            this.random = new Random(seed);
            this.root = top.resolve("root");
            place(topNode, "root", rootNode);
            place(topNode, "outside", new Node(true));
            for (Node node : topNode.entries.values()) {
                Files.createDirectory(node.path(top));
            }
        }

        void place(Node parent, String name, Node node) {
            if (node.parent != null) {
                node.parent.entries.remove(node.name);
            }
            node.parent = parent;
            node.name = name;
            parent.entries.put(name, node);
            List<Node> moved = new ArrayList<>();
            node.addTo(moved);
            for (Node movedNode : moved) {
                if (movedNode.isWithin(rootNode)) {
                    movedNode.paths.add(movedNode.path(top));
                    paths.add(movedNode.path(top));
                }
            }
        }

        List<Node> nodes(boolean directories) {
            List<Node> nodes = new ArrayList<>();
            topNode.addTo(nodes);
            nodes.removeIf(node -> node.isDirectory != directories || node == topNode);
            return nodes;
        }

        Node randomDirectory() {
            List<Node> directories = nodes(true);
            return directories.get(random.nextInt(directories.size()));
        }

        @Nullable
        Node randomNode(boolean directories) {
            List<Node> nodes = nodes(directories);
            nodes.removeIf(node -> node.parent == topNode);
            return nodes.isEmpty() ? null : nodes.get(random.nextInt(nodes.size()));
        }

        String name(boolean isDirectory) {
            return isDirectory ? "abcd".charAt(random.nextInt(4)) + "" : "f" + files++;
        }

        void step() throws IOException {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> make(randomDirectory(), true);
                case 3, 4 -> make(randomDirectory(), false);
                case 5, 6, 7 -> move(random.nextInt(4) > 0);
                case 8 -> delete();
                default -> {
                    if (random.nextBoolean()) {
                        exchange();
                    } else {
                        write();
                    }
                }
            }
        }

        void make(Node parent, boolean isDirectory) throws IOException {
            String name = name(isDirectory);
            if (parent.entries.containsKey(name)) {
                return;
            }
            Node made = new Node(isDirectory);
            place(parent, name, made);
            log.add((isDirectory ? "mkdir " : "touch ") + made.path(top));
            if (isDirectory) {
                Files.createDirectory(made.path(top));
                if (random.nextInt(3) > 0) {
                    make(made, random.nextInt(3) > 0);
                }
            } else {
                Files.createFile(made.path(top));
            }
        }

        void move(boolean isDirectory) throws IOException {
            Node node = randomNode(isDirectory);
            Node target = randomDirectory();
            String name = name(isDirectory);
            if (node == null || target.isWithin(node)) {
                return;
            }
            Node occupant = target.entries.get(name);
            if (occupant != null
                    && (occupant == node || occupant.isDirectory != isDirectory || !occupant.entries.isEmpty())) {
                return;
            }
            Path from = node.path(top);
            log.add("mv " + from + " " + target.path(top).resolve(name));
            Libc.rename(from, target.path(top).resolve(name));
            place(target, name, node);
        }

        void exchange() {
            Node one = randomNode(true);
            Node two = randomNode(true);
            if (one == null || two == null || one.isWithin(two) || two.isWithin(one)) {
                return;
            }
            log.add("exchange " + one.path(top) + " " + two.path(top));
            Libc.exchange(one.path(top), two.path(top));
            Node parent = one.parent;
            String name = one.name;
            Node otherParent = two.parent;
            String otherName = two.name;
            if (parent != null && otherParent != null) {
                otherParent.entries.remove(otherName);
                two.parent = null;
                place(otherParent, otherName, one);
                place(parent, name, two);
            }
        }

        void delete() throws IOException {
            Node node = randomNode(random.nextBoolean());
            if (node != null && node.parent != null) {
                log.add("rm -r " + node.path(top));
                Directories.delete(node.path(top));
                node.parent.entries.remove(node.name);
                node.parent = null;
            }
        }

        void write() throws IOException {
            Node file = randomNode(false);
            if (file != null) {
                Files.writeString(file.path(top), "x", StandardOpenOption.APPEND);
            }
        }

        /// Asserts that every file created since the tree was opened has been reported, if it still exists.
        void check(List<TreeEvent> events, Set<Node> before) {
            Set<Path> reported = new HashSet<>();
            for (TreeEvent event : events) {
                reported.add(event.path());
            }
            List<Node> now = new ArrayList<>();
            rootNode.addTo(now);
            now.removeAll(before);
            for (Node node : now) {
                assertThat(node.paths)
                        .as(
                                "reported for %s: %s",
                                node.path(top),
                                reported.stream()
                                        .filter(path -> path.getFileName()
                                                .equals(node.path(top).getFileName()))
                                        .toList())
                        .anyMatch(reported::contains);
            }
        }

        /// Asserts that only paths that have existed have been reported.
        void checkPaths(List<TreeEvent> events) {
            assertThat(events.stream().filter(event -> !paths.contains(event.path())))
                    .isEmpty();
        }
    }

    private static void round(Path top, long seed, int capacity, int readInterval) throws Exception {
        FileModel model = new FileModel(top, seed);
        for (int i = 0; i < 10; i++) {
            model.make(model.randomDirectory(), true);
        }
        Set<Node> before = new HashSet<>(model.nodes(true));
        before.addAll(model.nodes(false));
        List<TreeEvent> events = new ArrayList<>();
        try (InotifyTree tree = InotifyTree.open(model.root, InotifyFd.IN_CREATE | InotifyFd.IN_MOVE, capacity)) {
            tree.setBlocking(false);
            for (int i = 0; i < STEPS; i++) {
                model.step();
                if (model.random.nextInt(readInterval) == 0) {
                    model.log.add("read");
                    events.addAll(tree.read());
                }
            }
            events.addAll(drain(tree));
            assertWatchesAll(tree, model.root);
            model.check(events, before);
            if (readInterval == 1) {
                model.checkPaths(events);
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", capacity " + capacity + "\n"
                            + String.join("\n", model.log).replace(top + "/", ""),
                    e);
        } finally {
            Directories.delete(top);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 2_000, 16_384})
    void randomOperations_areWatchedAndReported(int capacity) throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            for (int readInterval : new int[] {1, 2, 8, 1000}) {
                round(
                        Files.createTempDirectory(directory, "round"),
                        seed * 1000L + readInterval,
                        capacity,
                        readInterval);
            }
        }
    }

    @Test
    void randomOperationsDuringReads_areReported() throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Path top = Files.createTempDirectory(directory, "round");
            FileModel model = new FileModel(top, seed);
            Set<Node> before = new HashSet<>(model.nodes(true));
            AtomicBoolean done = new AtomicBoolean();
            try (InotifyTree tree = InotifyTree.open(model.root, InotifyFd.IN_CREATE | InotifyFd.IN_MOVE)) {
                tree.setBlocking(false);
                List<TreeEvent> events;
                try (var reader = Background.start(() -> {
                    List<TreeEvent> all = new ArrayList<>();
                    while (!done.get()) {
                        all.addAll(tree.read());
                    }
                    all.addAll(drain(tree));
                    return all;
                })) {
                    for (int i = 0; i < STEPS * 5; i++) {
                        model.step();
                    }
                    done.set(true);
                    events = reader.result();
                }
                assertWatchesAll(tree, model.root);
                model.check(events, before);
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + "\n" + String.join("\n", model.log).replace(top + "/", ""), e);
            }
            Directories.delete(top);
        }
    }
}
