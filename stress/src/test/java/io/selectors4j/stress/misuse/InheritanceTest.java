package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.NativeChild;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The descriptors that a child process inherits. Native code starts the child, because the JDK closes all descriptors
/// in its own children.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class InheritanceTest {

    private static final RunCounts COUNTS = new RunCounts("security");

    /// The descriptors that the test itself duplicates, and those of the simulated kqueue; a real kqueue is never
    /// inherited.
    private static final Set<FdKind> EXCLUDED =
            EnumSet.of(FdKind.FD, FdKind.KQUEUE, FdKind.KQUEUE_SELECTOR, FdKind.AFD_SELECTOR);

    @TempDir
    Path directory;

    @Test
    void childProcess_inheritsNoDescriptor() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        List<FdKind.OpenObject> specimens = new ArrayList<>();
        try {
            for (FdKind kind : FdKind.values()) {
                if (!EXCLUDED.contains(kind)) {
                    specimens.add(kind.open());
                }
            }
            Map<Integer, String> opened = OpenFiles.since(before);
            assertThat(opened).hasSizeGreaterThan(specimens.size());
            assertThat(inherited(opened)).isEmpty();
            COUNTS.add("descriptors that no child sees", opened.size());
        } finally {
            for (FdKind.OpenObject open : specimens) {
                open.close();
            }
        }
    }

    @Test
    void inheritedDescriptor_isDetected() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        try (FdKind.OpenObject duplicate = FdKind.FD.open()) {
            assertThat(duplicate.others()).isNotEmpty();
            assertThat(inherited(OpenFiles.since(before))).hasSize(1);
        }
    }

    private static String stat(int pid) throws IOException {
        return Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
    }

    /// Returns the descriptors that a child has inherited, for the same open files.
    private Map<Integer, String> inherited(Map<Integer, String> descriptors) throws Exception {
        Path partial = directory.resolve("partial");
        Path list = directory.resolve("list");
        String script = "for f in /proc/$$/fd/*; do echo \"${f##*/} $(readlink $f)\"; done >" + partial + "; mv "
                + partial + " " + list;
        Map<Integer, String> inherited = new TreeMap<>();
        try (NativeChild child = NativeChild.sh(script)) {
            while (!Files.exists(list)) {
                boolean ended = stat(child.pid()).contains(") Z ");
                assertThat(ended && !Files.exists(list))
                        .as("the child has ended without a result")
                        .isFalse();
                Thread.sleep(10);
            }
            for (String line : Files.readAllLines(list)) {
                String[] words = line.split(" ", 2);
                inherited.put(Integer.valueOf(words[0]), words[1]);
            }
        }
        assertThat(inherited).containsKeys(0, 1, 2);
        inherited.entrySet().retainAll(descriptors.entrySet());
        return inherited;
    }
}
