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

/// Failures over and over leave no native memory behind: neither pieces of the library's own nor what the virtual
/// machine's native memory tracking counts.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class LeakTest {

    private static final RunCounts COUNTS = new RunCounts("faults");
    private static final int ROUNDS = 3;

    /// What a collection may leave for the next one, in KB. A leak of one buffer a failure would be many times as much.
    private static final long SLACK_KB = 512;

    /// What Java code has allocated, of direct buffers and of segments; the virtual machine's own has names of its own.
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+)KB");

    @Test
    void failuresLeaveNoNativeMemoryBehind() throws Exception {
        round();
        long pieces = settled();
        long other = other();
        int failures = 0;
        for (int i = 0; i < ROUNDS; i++) {
            failures += round();
        }
        COUNTS.add("faults injected", failures);
        assertThat(failures).isGreaterThan(300);
        // A piece of memory for errno and buffers stays with each thread.
        long end = System.nanoTime() + Limits.WAIT.toNanos();
        while (pieces() > pieces + 20 && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(pieces()).as("pieces of native memory").isLessThanOrEqualTo(pieces + 20);
        assertThat(other() - other).as("growth in KB").isLessThan(SLACK_KB);
    }

    /// What could not be registered keeps nothing of the selector.
    @Test
    void anObjectThatWasRefusedDoesNotKeepTheSelector() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            List<WeakReference<Selector<String>>> selectors = new ArrayList<>();
            int failures = FaultRun.everyCallFails(Fault.OF_WHOLES, trial -> {
                try (Selector<String> selector = Backend.EPOLL.open()) {
                    trial.step(() -> selector.register(pair.first(), Interest.READ, "data"));
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

    private static int round() throws Exception {
        int failures = 0;
        for (Backend backend : List.of(Backend.SELECT, Backend.POLL, Backend.EPOLL)) {
            failures += FaultRun.everyCallFails(Fault.OF_WHOLES, trial -> use(trial, backend));
        }
        return failures;
    }

    /// A bit of everything; what fails is left as it is.
    private static void use(FaultRun trial, Backend backend) throws Exception {
        try (SocketFd.Pair pair = trial.orRetry(
                        trial.step(() -> SocketFd.pair(SocketFd.Type.STREAM)),
                        () -> SocketFd.pair(SocketFd.Type.STREAM));
                Selector<String> selector = trial.orRetry(trial.step(backend::<String>open), backend::open)) {
            pair.first().setBlocking(false);
            pair.second().setBlocking(false);
            trial.step(() -> selector.register(pair.first(), Interest.READ, "data"));
            trial.step(() -> pair.second().write(ByteBuffer.allocate(100_000)));
            trial.step(() -> selector.select(Duration.ofNanos(1)));
            trial.step(() -> pair.first().read(ByteBuffer.allocate(100_000)));
            trial.step(() -> {
                try (InotifyFd inotify = InotifyFd.open()) {
                    return inotify.addWatch(Path.of("/"), InotifyFd.IN_ATTRIB);
                }
            });
            trial.step(() -> {
                try (TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC)) {
                    timer.set(Duration.ofHours(1));
                    return timer.get();
                }
            });
        }
    }

    /// How many pieces are alive, once no collection makes them fewer: what a collection finds is freed a while later.
    private static long settled() throws InterruptedException {
        long least = pieces();
        for (int same = 0; same < 10; same++) {
            Thread.sleep(Duration.ofMillis(20));
            long now = pieces();
            same = now < least ? 0 : same;
            least = Math.min(least, now);
        }
        return least;
    }

    /// How many pieces are alive, after a collection.
    private static long pieces() {
        System.gc();
        return NativeMemory.alive();
    }

    /// How much native memory Java code has, as native memory tracking counts it, in KB.
    private static long other() throws Exception {
        String summary = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "vmNativeMemory",
                        new Object[] {new String[] {"summary"}},
                        new String[] {String[].class.getName()});
        Matcher matcher = OTHER.matcher(summary);
        assertThat(matcher.find()).as(summary).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
