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

/// Somebody closes the descriptors that a selector has for itself, or puts others in their place. Whatever is called
/// then works or says which descriptor it is; nothing hangs, spins or crashes.
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

    private <T extends Closeable> T own(T one) {
        owned.add(one);
        return one;
    }

    /// What comes in the place of a descriptor.
    private enum Stranger {
        NOTHING,
        EMPTY_PIPE,
        FULL_PIPE,
        SOCKET,
        EVENT,
        EPOLL,
        FILE
    }

    /// The number of one.
    private int open(Stranger stranger) throws IOException {
        return switch (stranger) {
            case NOTHING -> -1;
            case EMPTY_PIPE -> nonBlocking(own(PipeFd.open()).reader());
            case FULL_PIPE -> {
                PipeFd writer = own(PipeFd.open()).writer();
                nonBlocking(writer);
                while (writer.write(ByteBuffer.allocate(4096)) > 0) {
                    // until it is full
                }
                yield writer.fileno();
            }
            case SOCKET -> nonBlocking(own(SocketFd.pair(SocketFd.Type.STREAM)).first());
            case EVENT -> nonBlocking(own(EventFd.open(1)));
            case EPOLL -> own(Epoll.create()).fileno();
            case FILE -> own(FileFd.memfd("stranger")).fileno();
        };
    }

    private static int nonBlocking(Fd fd) throws IOException {
        fd.setBlocking(false);
        return fd.fileno();
    }

    private static void rob(int number, int stranger) {
        if (stranger < 0) {
            Libc.close(number);
        } else {
            Libc.dupOnto(stranger, number);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL", "EPOLL"})
    void whateverIsCalledWorksOrSaysWhichItIs(Backend backend) throws Exception {
        for (Stranger stranger : Stranger.values()) {
            for (Thread.Builder builder : List.of(Thread.ofPlatform().daemon(), Thread.ofVirtual())) {
                int count = 1;
                for (int index = 0; index < count; index++) {
                    EventFd event = own(EventFd.open(0));
                    EventFd other = own(EventFd.open(1));
                    int file = own(FileFd.memfd("last")).fileno();
                    Map<Integer, String> before = OpenFiles.list();
                    Selector<String> selector = backend.open();
                    List<Integer> numbers = List.copyOf(OpenFiles.since(before).keySet());
                    count = numbers.size();
                    selector.register(event, Interest.READ, "data");
                    String name = OpenFiles.list().get(numbers.get(index)) + " replaced by " + stranger;
                    rob(numbers.get(index), open(stranger));
                    FutureTask<Boolean> use = new FutureTask<>(() -> use(selector, event, other, name));
                    builder.start(use);
                    assertThat(use.get()).isTrue();
                    if (stranger != Stranger.NOTHING || isTaken(numbers.get(index), file)) {
                        selector.close();
                        assertThat(selector.isOpen()).isFalse();
                    }
                    COUNTS.add("descriptors taken from selectors", 1);
                }
            }
        }
    }

    /// Puts a file in the place of a number that nobody has: closing it hits nobody else.
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
        assertThat(isIdle).as("sleeps, %s", name).isTrue();
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
