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

/// What a child process finds open. It is native code that starts it: the JDK closes all descriptors in its children by
/// itself.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class InheritanceTest {

    private static final RunCounts COUNTS = new RunCounts("security");

    /// A duplicate that the test makes; and what stands for a kqueue, which no child inherits where there are any.
    private static final Set<FdKind> ELSEWHERE = EnumSet.of(FdKind.FD, FdKind.KQUEUE, FdKind.KQUEUE_SELECTOR);

    @TempDir
    Path directory;

    @Test
    void aChildSeesNothingOfTheLibrary() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        List<FdKind.Specimen> specimens = new ArrayList<>();
        try {
            for (FdKind kind : FdKind.values()) {
                if (!ELSEWHERE.contains(kind)) {
                    specimens.add(kind.open());
                }
            }
            Map<Integer, String> mine = OpenFiles.since(before);
            assertThat(mine).hasSizeGreaterThan(specimens.size());
            assertThat(inherited(mine)).isEmpty();
            COUNTS.add("descriptors that no child sees", mine.size());
        } finally {
            for (FdKind.Specimen specimen : specimens) {
                specimen.close();
            }
        }
    }

    @Test
    void itWouldBeNoticed() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        try (FdKind.Specimen duplicate = FdKind.FD.open()) {
            assertThat(duplicate.others()).isNotEmpty();
            assertThat(inherited(OpenFiles.since(before))).hasSize(1);
        }
    }

    private static String stat(int pid) throws IOException {
        return Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
    }

    /// Which of these descriptors a child has, for the same open files.
    private Map<Integer, String> inherited(Map<Integer, String> descriptors) throws Exception {
        Path unfinished = directory.resolve("unfinished");
        Path list = directory.resolve("list");
        String script = "for f in /proc/$$/fd/*; do echo \"${f##*/} $(readlink $f)\"; done >" + unfinished + "; mv "
                + unfinished + " " + list;
        Map<Integer, String> theirs = new TreeMap<>();
        try (NativeChild child = NativeChild.sh(script)) {
            while (!Files.exists(list)) {
                boolean ended = stat(child.pid()).contains(") Z ");
                assertThat(ended && !Files.exists(list))
                        .as("the child has ended without a word")
                        .isFalse();
                Thread.sleep(10);
            }
            for (String line : Files.readAllLines(list)) {
                String[] words = line.split(" ", 2);
                theirs.put(Integer.valueOf(words[0]), words[1]);
            }
        }
        assertThat(theirs).containsKeys(0, 1, 2);
        theirs.entrySet().retainAll(descriptors.entrySet());
        return theirs;
    }
}
