package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.watch.InotifyFd;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Repeated failures leak no native memory: neither pieces of the library nor memory that the virtual machine's native
/// memory tracking counts.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class LeakTest {

    private static final RunCounts COUNTS = new RunCounts("faults");
    private static final int ROUNDS = 3;

    /// The allowed growth in KB, for memory that only the next collection frees. A leak of one buffer for each failure
    /// would be many times as much.
    private static final long MAX_GROWTH_KB = 512;

    /// The native memory of Java code: direct buffers and segments. The virtual machine's own memory has other
    /// categories.
    private static final Pattern OTHER_MEMORY = Pattern.compile("Other \\(reserved=(\\d+)KB");

    @Test
    void failedCalls_leakNoNativeMemory() throws Exception {
        runOnce();
        long piecesBefore = stablePieces();
        long otherBefore = otherKilobytes();
        int failures = 0;
        for (int i = 0; i < ROUNDS; i++) {
            failures += runOnce();
        }
        COUNTS.add("faults injected", failures);
        assertThat(failures).isGreaterThan(300);
        // Each thread keeps a piece of memory for errno and one for buffers.
        long end = System.nanoTime() + Limits.WAIT.toNanos();
        while (pieces() > piecesBefore + 20 && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(pieces()).as("pieces of native memory").isLessThanOrEqualTo(piecesBefore + 20);
        assertThat(otherKilobytes() - otherBefore).as("growth in KB").isLessThan(MAX_GROWTH_KB);
    }

    /// A failed registration keeps no reference to the selector.
    @Test
    void refusedObject_doesNotRetainSelector() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            List<WeakReference<Selector<String>>> selectors = new ArrayList<>();
            int failures = FaultRun.everyCallFails(Fault.NOT_SHORT, run -> {
                try (Selector<String> selector = Backend.EPOLL.open()) {
                    run.call(() -> selector.register(pair.first(), Interest.READ, "data"));
                    selectors.add(new WeakReference<>(selector));
                }
            });
            COUNTS.add("faults injected", failures);
            long end = System.nanoTime() + Limits.WAIT.toNanos();
            while (selectors.stream().anyMatch(selector -> selector.get() != null) && System.nanoTime() - end < 0) {
                System.gc();
            }
            assertThat(selectors).isNotEmpty().allMatch(selector -> selector.get() == null);
        }
    }

    private static int runOnce() throws Exception {
        int failures = 0;
        for (Backend backend : List.of(Backend.SELECT, Backend.POLL, Backend.EPOLL)) {
            failures += FaultRun.everyCallFails(Fault.NOT_SHORT, run -> use(run, backend));
        }
        return failures;
    }

    /// Uses several classes; failed calls are not repeated.
    private static void use(FaultRun run, Backend backend) throws Exception {
        try (SocketFd.Pair pair = run.orRetry(
                        run.call(() -> SocketFd.pair(SocketFd.Type.STREAM)),
                        () -> SocketFd.pair(SocketFd.Type.STREAM));
                Selector<String> selector = run.orRetry(run.call(backend::<String>open), backend::open)) {
            pair.first().setBlocking(false);
            pair.second().setBlocking(false);
            run.call(() -> selector.register(pair.first(), Interest.READ, "data"));
            run.call(() -> pair.second().write(ByteBuffer.allocate(100_000)));
            run.call(() -> selector.select(Duration.ofNanos(1)));
            run.call(() -> pair.first().read(ByteBuffer.allocate(100_000)));
            run.call(() -> {
                try (InotifyFd inotify = InotifyFd.open()) {
                    return inotify.addWatch(Path.of("/"), InotifyFd.IN_ATTRIB);
                }
            });
            run.call(() -> {
                try (TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC)) {
                    timer.set(Duration.ofHours(1));
                    return timer.get();
                }
            });
        }
    }

    /// Returns the number of live pieces after it is stable: memory that a collection finds is freed a while later.
    private static long stablePieces() throws InterruptedException {
        long least = pieces();
        for (int same = 0; same < 10; same++) {
            Thread.sleep(Duration.ofMillis(20));
            long now = pieces();
            same = now < least ? 0 : same;
            least = Math.min(least, now);
        }
        return least;
    }

    /// Returns the number of live pieces after a collection.
    private static long pieces() {
        System.gc();
        return NativeMemory.alive();
    }

    /// Returns the native memory of Java code in KB, as native memory tracking counts it.
    private static long otherKilobytes() throws Exception {
        String summary = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "vmNativeMemory",
                        new Object[] {new String[] {"summary"}},
                        new String[] {String[].class.getName()});
        Matcher matcher = OTHER_MEMORY.matcher(summary);
        assertThat(matcher.find()).as(summary).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
