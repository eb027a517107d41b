package io.selectors4j.examples;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.TimerFd;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/// Timers, signals and messages of other threads.
final class EventSources {

    private static final Duration SOON = Duration.ofMillis(50);

    private EventSources() {}

    static ReadySource timer() throws IOException {
        TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
        return ReadySource.readable("timerfd", timer, () -> timer.set(SOON), _ -> {
            long expirations = timer.read();
            return expirations + (expirations == 1 ? " expiration" : " expirations");
        });
    }

    /// Returns a source for a signal that this process sends to itself.
    static ReadySource signal() throws IOException {
        SignalFd signals = SignalFd.open("SIGUSR1");
        return ReadySource.readable("signal", signals, EventSources::sendSignal, _ -> "" + signals.read());
    }

    private static void sendSignal() throws IOException {
        try (PidFd self = PidFd.open(ProcessHandle.current().pid())) {
            self.sendSignal("SIGUSR1");
        }
    }

    static ReadySource event() throws IOException {
        EventFd event = EventFd.open(0);
        return ReadySource.readable("eventfd", event, () -> event.write(42), _ -> "the counter is " + event.read());
    }

    /// Returns a source for the message of another thread: its number.
    static ReadySource thread() throws IOException {
        EventFd event = EventFd.open(0);
        return ReadySource.readable(
                "thread",
                event,
                () -> Thread.ofPlatform().daemon().start(() -> {
                    try {
                        event.write(Thread.currentThread().threadId());
                    } catch (IOException e) {
                        // The program has ended and closed it.
                    }
                }),
                _ -> "a message of thread " + event.read());
    }

    /// Returns a source for a nested selector.
    static ReadySource selector() throws IOException {
        EpollSelector<String> inner = EpollSelector.open();
        EventFd event = EventFd.open(0);
        inner.register(event, Interest.READ, "an eventfd");
        Closeable both = () -> {
            try (inner) {
                event.close();
            }
        };
        return ReadySource.readable(
                "selector",
                inner,
                () -> event.write(1),
                _ -> inner.selectNow().getFirst().data() + " is ready in the nested selector",
                both);
    }
}
