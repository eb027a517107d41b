package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A thread that closes an object.
final class ClosingThread {

    private static final int WAITING_POLLS = 5;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    ClosingThread(Closeable object) {
        thread = Thread.ofPlatform().daemon().name("closing").unstarted(() -> {
            try {
                object.close();
            } catch (IOException | RuntimeException | Error e) {
                failure.set(e);
            }
        });
    }

    /// Closes the object, until the thread has ended or waits for a lock that the calling thread holds.
    void run() {
        thread.start();
        int waiting = 0;
        while (thread.isAlive() && waiting < WAITING_POLLS) {
            boolean waits = switch (thread.getState()) {
                case BLOCKED, WAITING, TIMED_WAITING -> true;
                default -> false;
            };
            waiting = waits ? waiting + 1 : 0;
            Thread.onSpinWait();
        }
    }

    /// Waits until the object is closed, if [#run] was called.
    void expectDone() throws InterruptedException {
        if (thread.getState() != Thread.State.NEW) {
            assertThat(thread.join(Limits.WAIT)).as("close has returned").isTrue();
        }
        assertThat(failure.get()).isNull();
    }
}
