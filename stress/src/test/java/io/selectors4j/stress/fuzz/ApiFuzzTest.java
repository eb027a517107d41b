package io.selectors4j.stress.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Calls of all public methods with arbitrary arguments, on all backends and kinds of descriptors. The first byte of an
/// input chooses the group of packages, since Jazzer runs one fuzz test in each process.
@Tag("ci")
@ExtendWith(Fuzzing.class)
class ApiFuzzTest {

    @TempDir
    private static Path directory;

    private static @Nullable ApiFuzzer fuzzer;

    @BeforeAll
    static void open() throws Exception {
        fuzzer = new ApiFuzzer(directory);
    }

    @AfterAll
    static void close() throws IOException {
        fuzzer.close();
    }

    @FuzzTest
    void anyCall_throwsOnlyDocumentedExceptions(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, fuzzer::run);
    }
}
