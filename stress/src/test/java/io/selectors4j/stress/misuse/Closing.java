package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A thread that closes an object.
final class Closing {

    private static final int LOOKS = 5;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    Closing(Closeable object) {
        thread = Thread.ofPlatform().daemon().name("closing").unstarted(() -> {
            try {
                object.close();
            } catch (IOException | RuntimeException | Error e) {
                failure.set(e);
            }
        });
    }

    /// Closes, as far as that goes on: it may have to wait for a lock that this thread has.
    void run() {
        thread.start();
        int waiting = 0;
        while (thread.isAlive() && waiting < LOOKS) {
            boolean waits = switch (thread.getState()) {
                case BLOCKED, WAITING, TIMED_WAITING -> true;
                default -> false;
            };
            waiting = waits ? waiting + 1 : 0;
            Thread.onSpinWait();
        }
    }

    /// Waits until it is closed, if it was to be closed.
    void expectDone() throws InterruptedException {
        if (thread.getState() != Thread.State.NEW) {
            assertThat(thread.join(Limits.WAIT)).as("closing has ended").isTrue();
        }
        assertThat(failure.get()).isNull();
    }
}
