package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.stress.fuzz.Api.Op;
import io.selectors4j.testing.OpenFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The fuzzer can reach every public method: it has a receiver and a value for each argument.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class ApiCoverageTest {

    private static final RunCounts COUNTS = new RunCounts("fuzz");

    private static final int CALLS = 3;
    private static final int ATTEMPTS = 30;
    private static final int LENGTH = 64;

    @TempDir
    private Path directory;

    @Test
    void everyPublicMethod_isCalled() throws Exception {
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Random random = new Random(seed);
        List<Op> missing = new ArrayList<>();
        long calls = 0;
        try (ApiFuzzer fuzzer = new ApiFuzzer(directory)) {
            Map<Integer, String> before = OpenFiles.list();
            for (Op op : fuzzer.ops()) {
                int made = 0;
                for (int i = 0; i < ATTEMPTS && made < CALLS; i++) {
                    byte[] bytes = new byte[LENGTH];
                    random.nextBytes(bytes);
                    try {
                        made += fuzzer.run(op, new Input(bytes)) ? 1 : 0;
                    } catch (Throwable t) {
                        throw new AssertionError("-Dstress.seed=" + seed + ": " + t.getMessage(), t);
                    }
                }
                calls += made;
                if (made == 0) {
                    missing.add(op);
                }
            }
            assertThat(OpenFiles.since(before)).as("descriptors left open").isEmpty();
            COUNTS.add("methods", fuzzer.ops().size());
        }
        assertThat(missing).as("never called").isEmpty();
        COUNTS.add("single calls", calls);
    }
}
