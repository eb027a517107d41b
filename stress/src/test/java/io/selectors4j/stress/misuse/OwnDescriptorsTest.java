package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Epoll;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.KernelWaits;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The internal descriptors of a selector are closed or replaced by other descriptors. Every later call works or throws
/// an exception that names the descriptor; no call hangs, spins or crashes.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class OwnDescriptorsTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");
    private static final Duration A_MOMENT = Duration.ofMillis(40);

    private final List<Closeable> owned = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Closeable each : owned) {
            each.close();
        }
    }

    private <T extends Closeable> T closeLater(T one) {
        owned.add(one);
        return one;
    }

    /// The replacement of an internal descriptor.
    private enum Replacement {
        CLOSED,
        EMPTY_PIPE,
        FULL_PIPE,
        SOCKET,
        EVENT,
        EPOLL,
        FILE
    }

    /// Opens a replacement, and returns its number; -1 for none.
    private int open(Replacement replacement) throws IOException {
        return switch (replacement) {
            case CLOSED -> -1;
            case EMPTY_PIPE -> nonBlocking(closeLater(PipeFd.open()).reader());
            case FULL_PIPE -> {
                PipeFd writer = closeLater(PipeFd.open()).writer();
                nonBlocking(writer);
                while (writer.write(ByteBuffer.allocate(4096)) > 0) {
                    // until it is full
                }
                yield writer.fileno();
            }
            case SOCKET ->
                nonBlocking(closeLater(SocketFd.pair(SocketFd.Type.STREAM)).first());
            case EVENT -> nonBlocking(closeLater(EventFd.open(1)));
            case EPOLL -> closeLater(Epoll.create()).fileno();
            case FILE -> closeLater(FileFd.memfd("replacement")).fileno();
        };
    }

    private static int nonBlocking(Fd fd) throws IOException {
        fd.setBlocking(false);
        return fd.fileno();
    }

    private static void replace(int number, int replacement) {
        if (replacement < 0) {
            Libc.close(number);
        } else {
            Libc.dupOnto(replacement, number);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL", "EPOLL"})
    void replacedDescriptor_isNamedOrHarmless(Backend backend) throws Exception {
        for (Replacement replacement : Replacement.values()) {
            for (Thread.Builder builder : List.of(Thread.ofPlatform().daemon(), Thread.ofVirtual())) {
                int count = 1;
                for (int index = 0; index < count; index++) {
                    EventFd event = closeLater(EventFd.open(0));
                    EventFd other = closeLater(EventFd.open(1));
                    int file = closeLater(FileFd.memfd("last")).fileno();
                    Map<Integer, String> before = OpenFiles.list();
                    Selector<String> selector = backend.open();
                    List<Integer> numbers = List.copyOf(OpenFiles.since(before).keySet());
                    count = numbers.size();
                    selector.register(event, Interest.READ, "data");
                    String name = OpenFiles.list().get(numbers.get(index)) + " replaced by " + replacement;
                    replace(numbers.get(index), open(replacement));
                    FutureTask<Boolean> use = new FutureTask<>(() -> use(selector, event, other, name));
                    builder.start(use);
                    assertThat(use.get()).isTrue();
                    if (replacement != Replacement.CLOSED || isTaken(numbers.get(index), file)) {
                        selector.close();
                        assertThat(selector.isOpen()).isFalse();
                    }
                    COUNTS.add("descriptors taken from selectors", 1);
                }
            }
        }
    }

    /// Returns whether a file could take the number, which must be free: closing it then affects no other owner.
    private static boolean isTaken(int number, int file) {
        int taken = Libc.dupAtLeast(file, number);
        if (taken != number) {
            Libc.close(taken);
        }
        return taken == number;
    }

    private static boolean use(Selector<String> selector, EventFd event, EventFd other, String name)
            throws IOException {
        boolean isIdle = false;
        for (int i = 0; i < KernelWaits.TRIES && !isIdle; i++) {
            KernelWaits before = KernelWaits.ofThisThread();
            long start = System.nanoTime();
            expect(name, () -> selector.select(A_MOMENT));
            boolean hasWaited = System.nanoTime() - start >= A_MOMENT.toNanos();
            isIdle = !hasWaited || Thread.currentThread().isVirtual() || before.isOneWait(A_MOMENT);
        }
        assertThat(isIdle).as("idle, %s", name).isTrue();
        expect(name, selector::selectNow);
        expect(name, () -> selector.register(other, Interest.READ, "other"));
        expect(name, selector::selectNow);
        expect(name, () -> selector.modify(event, Interest.READ_WRITE, "data"));
        expect(name, () -> selector.select(A_MOMENT));
        expect(name, selector::wakeup);
        expect(name, () -> selector.select(A_MOMENT));
        selector.unregister(event);
        return selector.getMap().size() <= 1;
    }

    private interface Call {
        void run() throws IOException;
    }

    private static void expect(String name, Call call) {
        @Nullable Exception thrown = null;
        try {
            call.run();
        } catch (IOException | RuntimeException e) {
            thrown = e;
        }
        boolean clear = thrown == null
                || (thrown instanceof NativeIOException && thrown.getMessage().contains("fd="));
        if (!clear) {
            throw new AssertionError(name, thrown);
        }
    }
}
