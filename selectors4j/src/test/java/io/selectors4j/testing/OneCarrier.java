package io.selectors4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A run of [ManyVirtualThreads] in a virtual machine with one carrier thread.
///
/// @param outcome how the program ended
/// @param pinned how often a thread pinned its carrier, as recorded by the Flight Recorder (`jdk.VirtualThreadPinned`)
public record OneCarrier(ChildJvm.Outcome outcome, int pinned) {

    private static final Pattern PINNED = Pattern.compile("jdk\\.VirtualThreadPinned\\s+(\\d+)");

    /// Runs the program.
    ///
    /// @param how the first argument of the program
    /// @param count the number of threads
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

    /// Returns whether all waits ended.
    public boolean isServed() {
        return outcome.exitCode() == 0;
    }
}
