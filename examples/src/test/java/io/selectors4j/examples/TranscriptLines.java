package io.selectors4j.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A transcript that records its lines and lets a test wait for them.
final class TranscriptLines implements Transcript {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    @Override
    public synchronized void line(String text) {
        lines.add(text);
        notifyAll();
    }

    /// Ends the transcript: no line will follow.
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized List<String> all() {
        return List.copyOf(lines);
    }

    synchronized long count(Predicate<String> condition) {
        return lines.stream().filter(condition).count();
    }

    String await(String text) {
        return await(text, text::equals);
    }

    String awaitStart(String start) {
        return await(start + "…", line -> line.startsWith(start));
    }

    /// Waits for a matching line.
    synchronized String await(String description, Predicate<String> condition) {
        return awaitMany(description, condition, 1).getFirst();
    }

    /// Waits for a number of matching lines.
    synchronized List<String> awaitMany(String description, Predicate<String> condition, int count) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            List<String> found = lines.stream().filter(condition).toList();
            if (found.size() >= count) {
                return found;
            }
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (ended || millis <= 0) {
                throw new AssertionError("no " + description + " in:\n" + String.join("\n", lines));
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for " + description, e);
            }
        }
    }

    /// Returns the lines without the rounds of a loop that only timed out.
    static List<String> withoutIdleRounds(List<String> lines) {
        List<String> busy = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int next = i + 2 < lines.size() && lines.get(i + 2).equals("  timed out") ? i + 3 : i + 2;
            boolean idle = isWait(lines, i) && isWait(lines, next);
            if (idle) {
                i = next - 1;
            } else {
                busy.add(lines.get(i));
            }
        }
        return busy;
    }

    private static boolean isWait(List<String> lines, int at) {
        return at + 1 < lines.size()
                && lines.get(at).isEmpty()
                && lines.get(at + 1).equals("waiting for the next event");
    }
}
