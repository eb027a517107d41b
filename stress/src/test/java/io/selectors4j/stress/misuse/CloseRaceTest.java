package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.PollerThread;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several platform and virtual threads call all methods of an object repeatedly, while another thread closes it at a
/// random moment. Its numbers get new owners as soon as they are released.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class CloseRaceTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");
    private static final int THREADS = 3;
    private static final int MOST_SPINS = 5_000;

    /// The maximum number of calls of a thread.
    private static final int CALLS = 100;

    private static final int CALLS_AFTER_CLOSE = 3;

    private static final List<FdKind> KINDS = List.of(FdKind.values());

    /// The error of a call on a released number, or on a descriptor of the wrong mode.
    private static final int EBADF = Libc.EBADF;

    private final Map<FdKind, List<Method>> methods = new EnumMap<>(FdKind.class);
    private final Map<FdKind, List<Method>> badFdMethods = new EnumMap<>(FdKind.class);

    @Test
    void closeDuringCalls_sparesNewOwners() throws Exception {
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Budget budget = Budget.percent(2);
        Random random = new Random(seed);
        PollerThread.start();
        try (Arguments arguments = new Arguments()) {
            for (FdKind kind : KINDS) {
                findMethods(kind, arguments);
            }
            Map<Integer, String> before = OpenFiles.list();
            long rounds = 0;
            long calls = 0;
            do {
                FdKind kind = KINDS.get(random.nextInt(KINDS.size()));
                Round round = new Round(kind, arguments, random);
                try {
                    calls += round.run();
                } catch (AssertionError e) {
                    throw new AssertionError("-Dstress.seed=" + seed + ", round " + rounds + ", " + kind, e);
                }
                rounds++;
            } while (budget.hasTime());
            COUNTS.add("objects closed in use", rounds);
            COUNTS.add("calls during close", calls);
            assertThat(OpenFiles.since(before)).isEmpty();
        }
    }

    /// Finds the methods of a kind, and the methods that fail with EBADF on an open object: the descriptor is not open
    /// for reading, or not for writing.
    private void findMethods(FdKind kind, Arguments arguments) throws IOException {
        List<Method> all = new ArrayList<>();
        List<Method> bad = new ArrayList<>();
        try (FdKind.OpenObject open = kind.open()) {
            for (Method method : PublicApi.methods(open.object().getClass())) {
                if (!method.getName().equals("close")) {
                    all.add(method);
                    Throwable thrown = ReflectiveCall.outcome(method, open.object(), arguments.of(method));
                    if (thrown instanceof NativeIOException e && e.errno() == EBADF) {
                        bad.add(method);
                    }
                }
            }
        }
        methods.put(kind, all);
        badFdMethods.put(kind, bad);
    }

    /// One run with one object.
    private final class Round {
        private final FdKind kind;
        private final Arguments arguments;
        private final Random random;
        private final CountDownLatch started = new CountDownLatch(THREADS);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final long[] calls = new long[THREADS];

        Round(FdKind kind, Arguments arguments, Random random) {
            this.kind = kind;
            this.arguments = arguments;
            this.random = random;
        }

        /// Returns the number of calls.
        long run() throws IOException, InterruptedException {
            try (FdReuse.Opened opened = FdReuse.open(kind)) {
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    threads.add(start(i, opened.open().object()));
                }
                started.await();
                for (int spins = random.nextInt(MOST_SPINS); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                opened.open().object().close();
                opened.reuse().reuseNumbers();
                for (Thread thread : threads) {
                    assertThat(thread.join(Limits.WAIT))
                            .withFailMessage(() -> "did not end: " + List.of(thread.getStackTrace()))
                            .isTrue();
                    opened.reuse().reuseNumbers();
                }
                opened.reuse().expectUntouched();
                if (failure.get() != null) {
                    throw new AssertionError(failure.get());
                }
                return calls[0] + calls[1] + calls[2];
            }
        }

        private Thread start(int index, Closeable object) {
            Random threadRandom = new Random(random.nextLong());
            Thread.Builder builder = threadRandom.nextBoolean()
                    ? Thread.ofVirtual()
                    : Thread.ofPlatform().daemon();
            return builder.name("caller " + index).start(() -> {
                try {
                    call(index, object, threadRandom);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
            });
        }

        private void call(int index, Closeable object, Random threadRandom) {
            List<Method> all = methods.get(kind);
            started.countDown();
            int afterClose = 0;
            while (calls[index] < CALLS && afterClose < CALLS_AFTER_CLOSE) {
                Method method = all.get(threadRandom.nextInt(all.size()));
                Throwable thrown = ReflectiveCall.outcome(method, object, arguments.of(method));
                if (!isDocumented(method, thrown)) {
                    throw new AssertionError(method.toString(), thrown);
                }
                if (thrown instanceof ClosedChannelException || thrown instanceof ClosedSelectorException) {
                    afterClose++;
                }
                calls[index]++;
            }
        }

        private boolean isDocumented(Method method, @Nullable Throwable thrown) {
            return switch (thrown) {
                case null -> true;
                case NativeIOException e ->
                    e.errno() != EBADF || badFdMethods.get(kind).contains(method);
                case IOException _ -> true;
                case ClosedSelectorException _, AlreadyRegisteredException _, NotRegisteredException _ -> true;
                case UnsupportedOperationException _ -> true; // reap, redirect
                case NonReadableChannelException _, NonWritableChannelException _ -> true;
                case IllegalStateException e ->
                    ("" + e.getMessage()).contains("is selecting with")
                            || "buffers of another instance".equals(e.getMessage());
                default -> false;
            };
        }
    }
}
