package io.selectors4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What came of [ManyVirtualThreads], run in a virtual machine of its own where virtual threads have one carrier thread.
///
/// @param outcome how the program ended
/// @param pinned how often a thread pinned its carrier, as the Flight Recorder saw it (`jdk.VirtualThreadPinned`)
public record OneCarrier(ChildJvm.Outcome outcome, int pinned) {

    private static final Pattern PINNED = Pattern.compile("jdk\\.VirtualThreadPinned\\s+(\\d+)");

    /// Runs it.
    ///
    /// @param how how the threads wait
    /// @param count how many threads
    public static OneCarrier run(String how, long count) throws IOException, InterruptedException {
        Path recording = Files.createTempFile("recording", ".jfr");
        try {
            ChildJvm.Outcome outcome = ChildJvm.run(
                    List.of(
                            "-Djdk.virtualThreadScheduler.parallelism=1",
                            "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                            "-Xlog:jfr*=off",
                            "-XX:StartFlightRecording:filename=" + recording
                                    + ",jdk.VirtualThreadPinned#enabled=true,jdk.VirtualThreadPinned#threshold=0ms"),
                    ManyVirtualThreads.class,
                    how,
                    Long.toString(count));
            String summary =
                    ChildJvm.runTool("jfr", "summary", recording.toString()).output();
            Matcher pinned = PINNED.matcher(summary);
            if (!pinned.find()) {
                throw new AssertionError("no recording: " + summary + outcome.output());
            }
            System.out.print(outcome.output());
            return new OneCarrier(outcome, Integer.parseInt(pinned.group(1)));
        } finally {
            Files.delete(recording);
        }
    }

    /// Whether all were served.
    public boolean isServed() {
        return outcome.exitCode() == 0;
    }
}
