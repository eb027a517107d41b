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

/// Anything that is public in `io.selectors4j.fd`, with any arguments.
@Tag("ci")
@ExtendWith(Fuzzing.class)
class DescriptorApiFuzzTest {

    @TempDir
    private static Path directory;

    private static @Nullable ApiFuzzer fuzzer;

    @BeforeAll
    static void open() throws Exception {
        fuzzer = new ApiFuzzer(directory, "io.selectors4j.fd");
    }

    @AfterAll
    static void close() throws IOException {
        fuzzer.close();
    }

    @FuzzTest
    void anyCallsThrowWhatTheyAreSaidToThrow(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, fuzzer::run);
    }
}
