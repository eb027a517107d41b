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

/// Timers, signals, and what other threads have to say.
final class EventKinds {

    private static final Duration SOON = Duration.ofMillis(50);

    private EventKinds() {}

    static Kind timer() throws IOException {
        TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
        return Kind.readable("timerfd", timer, () -> timer.set(SOON), _ -> {
            long expirations = timer.read();
            return expirations + (expirations == 1 ? " expiration" : " expirations");
        });
    }

    /// A signal that this process sends to itself.
    static Kind signal() throws IOException {
        SignalFd signals = SignalFd.open("SIGUSR1");
        return Kind.readable("signal", signals, EventKinds::sendSignal, _ -> "" + signals.read());
    }

    private static void sendSignal() throws IOException {
        try (PidFd self = PidFd.open(ProcessHandle.current().pid())) {
            self.sendSignal("SIGUSR1");
        }
    }

    static Kind event() throws IOException {
        EventFd event = EventFd.open(0);
        return Kind.readable("eventfd", event, () -> event.write(42), _ -> "the counter is " + event.read());
    }

    /// The word of another thread: its number.
    static Kind thread() throws IOException {
        EventFd event = EventFd.open(0);
        return Kind.readable(
                "thread",
                event,
                () -> Thread.ofPlatform().daemon().start(() -> {
                    try {
                        event.write(Thread.currentThread().threadId());
                    } catch (IOException e) {
                        // It was closed: nobody waits any more.
                    }
                }),
                _ -> "a word from thread " + event.read());
    }

    /// A selector inside the selector.
    static Kind selector() throws IOException {
        EpollSelector<String> inner = EpollSelector.open();
        EventFd event = EventFd.open(0);
        inner.register(event, Interest.READ, "an eventfd");
        Closeable both = () -> {
            try (inner) {
                event.close();
            }
        };
        return Kind.readable(
                "selector",
                inner,
                () -> event.write(1),
                _ -> inner.selectNow().getFirst().key().data() + " is ready in it",
                both);
    }
}
