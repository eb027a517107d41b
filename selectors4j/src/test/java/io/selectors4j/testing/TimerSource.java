package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Pollable;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.os.Poll;
import java.io.IOException;
import java.time.Duration;

/// A timerfd.
final class TimerSource implements ReadySource {

    private final TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);

    TimerSource() throws IOException {}

    @Override
    public Pollable pollable() {
        return timer;
    }

    /// Sets the timer and returns when it has expired.
    @Override
    public void fire() throws IOException {
        timer.set(Duration.ofNanos(1));
        Poll poll = Poll.create();
        poll.register(timer, Poll.POLLIN);
        assertThat(poll.poll(Expect.PATIENCE)).hasSize(1);
    }

    @Override
    public void consume() throws IOException {
        timer.read();
    }

    @Override
    public void close() throws IOException {
        timer.close();
    }
}
