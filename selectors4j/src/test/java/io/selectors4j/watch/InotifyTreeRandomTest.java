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

/// Random things happen to a tree, and are read then and when. Names of directories are few, so that one directory is soon in the place of
/// another one, of which the tree does not know yet.
@Tag("ci")
@Timeout(300)
class InotifyTreeRandomTest {

    private static final int ROUNDS = Integer.getInteger("tree.rounds", 20);
    private static final int STEPS = 60;

    @TempDir
    private Path directory;

    /// Reads all there is.
    static List<TreeEvent> drain(InotifyTree tree) throws IOException {
        List<TreeEvent> all = new ArrayList<>();
        for (List<TreeEvent> events = tree.read(); !events.isEmpty(); events = tree.read()) {
            all.addAll(events);
        }
        return all;
    }

    /// How many watches the kernel has: proc(5).
    static int kernelWatches(InotifyTree tree) throws IOException {
        return (int) Files.readAllLines(Path.of("/proc/self/fdinfo/" + tree.fileno())).stream()
                .filter(line -> line.startsWith("inotify wd:"))
                .count();
    }

    /// Everything is watched that there is, and nothing else, which the kernel says too.
    static void assertWatchesAll(InotifyTree tree, Path root) throws IOException {
        assertThat(tree.directories()).containsExactlyElementsOf(Directories.below(root));
        assertThat(kernelWatches(tree)).isEqualTo(tree.directories().size());
    }

    /// A file or directory, and the paths that it has had within the tree.
    private static final class Thing {

        final boolean isDirectory;
        final TreeMap<String, Thing> inside = new TreeMap<>();
        final Set<Path> paths = new HashSet<>();

        @Nullable
        Thing parent;

        String name = "";

        Thing(boolean isDirectory) {
            this.isDirectory = isDirectory;
        }

        Path path(Path top) {
            return parent == null ? top : parent.path(top).resolve(name);
        }

        boolean isWithin(Thing other) {
            for (Thing thing = this; thing != null; thing = thing.parent) {
                if (thing == other) {
                    return true;
                }
            }
            return false;
        }

        void addTo(List<Thing> all) {
            all.add(this);
            inside.values().forEach(thing -> thing.addTo(all));
        }
    }

    /// What there is on the disk, and what is done to it. The directory `root` is watched, `outside` is not.
    private static final class World {

        final Path top;
        final Path root;
        final Random random;
        final Thing all = new Thing(true);
        final Thing inside = new Thing(true);
        final List<String> log = new ArrayList<>();
        int files;

        /// The paths that anything has had.
        final Set<Path> paths = new HashSet<>();

        World(Path top, long seed) throws IOException {
            this.top = top;
            this.random = new Random(seed);
            this.root = top.resolve("root");
            place(all, "root", inside);
            place(all, "outside", new Thing(true));
            for (Thing thing : all.inside.values()) {
                Files.createDirectory(thing.path(top));
            }
        }

        void place(Thing parent, String name, Thing thing) {
            if (thing.parent != null) {
                thing.parent.inside.remove(thing.name);
            }
            thing.parent = parent;
            thing.name = name;
            parent.inside.put(name, thing);
            List<Thing> moved = new ArrayList<>();
            thing.addTo(moved);
            for (Thing one : moved) {
                if (one.isWithin(inside)) {
                    one.paths.add(one.path(top));
                    paths.add(one.path(top));
                }
            }
        }

        List<Thing> things(boolean directories) {
            List<Thing> things = new ArrayList<>();
            all.addTo(things);
            things.removeIf(thing -> thing.isDirectory != directories || thing == all);
            return things;
        }

        Thing anyDirectory() {
            List<Thing> directories = things(true);
            return directories.get(random.nextInt(directories.size()));
        }

        @Nullable
        Thing any(boolean directories) {
            List<Thing> things = things(directories);
            things.removeIf(thing -> thing.parent == all);
            return things.isEmpty() ? null : things.get(random.nextInt(things.size()));
        }

        String name(boolean isDirectory) {
            return isDirectory ? "abcd".charAt(random.nextInt(4)) + "" : "f" + files++;
        }

        void step() throws IOException {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> make(anyDirectory(), true);
                case 3, 4 -> make(anyDirectory(), false);
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

        void make(Thing parent, boolean isDirectory) throws IOException {
            String name = name(isDirectory);
            if (parent.inside.containsKey(name)) {
                return;
            }
            Thing made = new Thing(isDirectory);
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
            Thing thing = any(isDirectory);
            Thing target = anyDirectory();
            String name = name(isDirectory);
            if (thing == null || target.isWithin(thing)) {
                return;
            }
            Thing there = target.inside.get(name);
            if (there != null && (there == thing || there.isDirectory != isDirectory || !there.inside.isEmpty())) {
                return;
            }
            Path from = thing.path(top);
            log.add("mv " + from + " " + target.path(top).resolve(name));
            Libc.rename(from, target.path(top).resolve(name));
            place(target, name, thing);
        }

        void exchange() {
            Thing one = any(true);
            Thing two = any(true);
            if (one == null || two == null || one.isWithin(two) || two.isWithin(one)) {
                return;
            }
            log.add("exchange " + one.path(top) + " " + two.path(top));
            Libc.exchange(one.path(top), two.path(top));
            Thing parent = one.parent;
            String name = one.name;
            Thing otherParent = two.parent;
            String otherName = two.name;
            if (parent != null && otherParent != null) {
                otherParent.inside.remove(otherName);
                two.parent = null;
                place(otherParent, otherName, one);
                place(parent, name, two);
            }
        }

        void delete() throws IOException {
            Thing thing = any(random.nextBoolean());
            if (thing != null && thing.parent != null) {
                log.add("rm -r " + thing.path(top));
                Directories.delete(thing.path(top));
                thing.parent.inside.remove(thing.name);
                thing.parent = null;
            }
        }

        void write() throws IOException {
            Thing file = any(false);
            if (file != null) {
                Files.writeString(file.path(top), "x", StandardOpenOption.APPEND);
            }
        }

        /// What was made while the tree was watched, and is there, has been told.
        void check(List<TreeEvent> events, Set<Thing> before) {
            Set<Path> told = new HashSet<>();
            for (TreeEvent event : events) {
                told.add(event.path());
            }
            List<Thing> now = new ArrayList<>();
            inside.addTo(now);
            now.removeAll(before);
            for (Thing thing : now) {
                assertThat(thing.paths)
                        .as(
                                "told of %s: %s",
                                thing.path(top),
                                told.stream()
                                        .filter(path -> path.getFileName()
                                                .equals(thing.path(top).getFileName()))
                                        .toList())
                        .anyMatch(told::contains);
            }
        }

        /// Nothing has been told of a path that there has not been.
        void checkPaths(List<TreeEvent> events) {
            assertThat(events.stream().filter(event -> !paths.contains(event.path())))
                    .isEmpty();
        }
    }

    private static void round(Path top, long seed, int capacity, int patience) throws Exception {
        World world = new World(top, seed);
        for (int i = 0; i < 10; i++) {
            world.make(world.anyDirectory(), true);
        }
        Set<Thing> before = new HashSet<>(world.things(true));
        before.addAll(world.things(false));
        List<TreeEvent> events = new ArrayList<>();
        try (InotifyTree tree = InotifyTree.open(world.root, InotifyFd.IN_CREATE | InotifyFd.IN_MOVE, capacity)) {
            tree.setBlocking(false);
            for (int i = 0; i < STEPS; i++) {
                world.step();
                if (world.random.nextInt(patience) == 0) {
                    world.log.add("read");
                    events.addAll(tree.read());
                }
            }
            events.addAll(drain(tree));
            assertWatchesAll(tree, world.root);
            world.check(events, before);
            if (patience == 1) {
                world.checkPaths(events);
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", capacity " + capacity + "\n"
                            + String.join("\n", world.log).replace(top + "/", ""),
                    e);
        } finally {
            Directories.delete(top);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 2_000, 16_384})
    void whateverHappensEverythingIsWatchedAndTold(int capacity) throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            for (int patience : new int[] {1, 2, 8, 1000}) {
                round(Files.createTempDirectory(directory, "round"), seed * 1000L + patience, capacity, patience);
            }
        }
    }

    @Test
    void alsoWhileItIsRead() throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Path top = Files.createTempDirectory(directory, "round");
            World world = new World(top, seed);
            Set<Thing> before = new HashSet<>(world.things(true));
            AtomicBoolean done = new AtomicBoolean();
            try (InotifyTree tree = InotifyTree.open(world.root, InotifyFd.IN_CREATE | InotifyFd.IN_MOVE)) {
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
                        world.step();
                    }
                    done.set(true);
                    events = reader.result();
                }
                assertWatchesAll(tree, world.root);
                world.check(events, before);
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + "\n" + String.join("\n", world.log).replace(top + "/", ""), e);
            }
            Directories.delete(top);
        }
    }
}
