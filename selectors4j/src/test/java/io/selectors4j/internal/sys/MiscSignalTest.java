package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.SignalFd;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.OpenFiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MiscSignalTest {

    /// Tries to open a [SignalFd], and prints the exception and whether a descriptor leaks.
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            Map<Integer, String> before = OpenFiles.list();
            try (SignalFd signals = SignalFd.open("SIGUSR1")) {
                System.out.println("open: " + signals.signals());
            } catch (UnsupportedOperationException e) {
                System.out.println(e.getMessage());
            }
            System.out.println(OpenFiles.since(before).isEmpty() ? "closed" : "leaked");
        }
    }

    @Test
    void missingModule_isNamedAndNothingLeaks() throws Exception {
        ChildJvm.Outcome outcome = ChildJvm.run(List.of("--limit-modules", "java.base"), Child.class);
        assertThat(outcome.output().lines())
                .containsExactly(
                        "signals need the module jdk.unsupported, which is missing: start java with"
                                + " --add-modules jdk.unsupported, or add it to the run-time image",
                        "closed");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void addedModule_isUsed() throws Exception {
        List<String> options =
                List.of("--limit-modules", "java.base,jdk.unsupported", "--add-modules", "jdk.unsupported");
        assertThat(ChildJvm.run(options, Child.class).output().lines()).containsExactly("open: [SIGUSR1]", "closed");
    }
}
