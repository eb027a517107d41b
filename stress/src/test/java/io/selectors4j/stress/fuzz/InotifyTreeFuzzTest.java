package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.watch.InotifyFd;
import io.selectors4j.watch.TreeEvent;
import io.selectors4j.watch.WatchBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Random events for an [io.selectors4j.watch.InotifyTree]. The tree applies them, and is correct again after an
/// overflow event, which makes it list all directories.
@Tag("ci")
@Tag("linux")
@ExtendWith(Fuzzing.class)
class InotifyTreeFuzzTest {

    private static final String[] DIRECTORIES = {"", "a", "a/b", "c"};
    private static final byte[][] NAMES = {
        {}, {'a'}, {'b'}, {'c'}, {'x'}, "ü".getBytes(StandardCharsets.UTF_8), {(byte) 0xFF, 'a'}
    };
    private static final int[] KINDS = {
        InotifyFd.IN_CREATE | InotifyFd.IN_ISDIR,
        InotifyFd.IN_DELETE | InotifyFd.IN_ISDIR,
        InotifyFd.IN_MOVED_FROM | InotifyFd.IN_ISDIR,
        InotifyFd.IN_MOVED_TO | InotifyFd.IN_ISDIR,
        InotifyFd.IN_CREATE,
        InotifyFd.IN_MODIFY,
        InotifyFd.IN_MOVE_SELF,
        InotifyFd.IN_DELETE_SELF | InotifyFd.IN_ISDIR,
        InotifyFd.IN_IGNORED,
        InotifyFd.IN_UNMOUNT | InotifyFd.IN_ISDIR,
        InotifyFd.IN_Q_OVERFLOW
    };

    private static final int HEADER = 16;
    private static final int NAME = 16;
    private static final int MAX_EVENTS = 8;
    private static final int BATCHES = 8;

    @TempDir
    private static Path root;

    /// One descriptor for all runs, because closing an inotify descriptor is slow.
    private static @Nullable InotifyFd inotify;

    @BeforeAll
    static void open() throws IOException {
        for (String directory : DIRECTORIES) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.createFile(root.resolve("a/x"));
        inotify = InotifyFd.open();
        inotify.setBlocking(false);
    }

    @AfterAll
    static void close() throws IOException {
        inotify.close();
    }

    @FuzzTest
    void randomEvents_areCorrectedByOverflow(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, input -> {
            while (!inotify.read().isEmpty()) {
                // drains real events
            }
            WatchBytes tree = new WatchBytes(inotify.fileno(), root, events(input));
            int[] watches = watches();
            InotifyBuffer buffer = new InotifyBuffer(InotifyBuffer.LARGEST + MAX_EVENTS * (HEADER + NAME));
            for (int batch = 0; batch < BATCHES && input.hasMore() && !tree.isGone(); batch++) {
                process(tree, buffer, batch(buffer, watches, input));
            }
            if (!tree.isGone()) {
                process(tree, buffer, event(buffer, 0, -1, InotifyFd.IN_Q_OVERFLOW, 0, NAMES[0]));
                assertThat(tree.directories()).isEqualTo(directories());
            }
        });
    }

    /// Returns the existing watches, and two that do not exist.
    private static int[] watches() throws IOException {
        int[] watches = new int[DIRECTORIES.length + 2];
        int last = 0;
        for (int i = 0; i < DIRECTORIES.length; i++) {
            watches[i] = inotify.addWatch(root.resolve(DIRECTORIES[i]), InotifyFd.IN_OPEN | InotifyFd.IN_MASK_ADD);
            last = Math.max(last, watches[i]);
        }
        watches[DIRECTORIES.length] = last + 1; // the next new watch
        watches[DIRECTORIES.length + 1] = -1;
        return watches;
    }

    /// Returns a mask of requested events.
    private static int events(Input input) {
        return 1 + (input.small() << 4 | input.small()) % InotifyFd.IN_ALL_EVENTS;
    }

    private static Set<Path> directories() {
        Set<Path> all = new TreeSet<>();
        for (String directory : DIRECTORIES) {
            all.add(root.resolve(directory));
        }
        return all;
    }

    private static void process(WatchBytes tree, InotifyBuffer buffer, int count) throws IOException {
        assertThat(buffer.holdsEvents(count)).isTrue();
        for (TreeEvent event : tree.process(buffer, count)) {
            assertThat(event.path().startsWith(root)).as("%s", event).isTrue();
        }
    }

    private static int batch(InotifyBuffer buffer, int[] watches, Input input) {
        int count = 0;
        for (int left = input.below(MAX_EVENTS) + 1; left > 0; left--) {
            int wd = watches[input.below(watches.length)];
            int mask = input.choose(KINDS[input.below(KINDS.length)], input.number());
            count += event(buffer, count, wd, mask, input.below(4), NAMES[input.below(NAMES.length)]);
        }
        return count;
    }

    private static int event(InotifyBuffer buffer, int at, int wd, int mask, int cookie, byte[] name) {
        MemorySegment event = buffer.segment().asSlice(at);
        event.set(ValueLayout.JAVA_INT, 0, wd);
        event.set(ValueLayout.JAVA_INT, 4, mask);
        event.set(ValueLayout.JAVA_INT, 8, cookie);
        event.set(ValueLayout.JAVA_INT, 12, NAME);
        event.asSlice(HEADER, NAME).fill((byte) 0).copyFrom(MemorySegment.ofArray(name));
        return HEADER + NAME;
    }
}
