package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.EventFd;
import java.io.IOException;

/// An eventfd counter.
final class EventSource implements ReadySource {

    private final EventFd event = EventFd.open(0);

    EventSource() throws IOException {}

    @Override
    public Pollable pollable() {
        return event;
    }

    @Override
    public void fire() throws IOException {
        event.write(1);
    }

    @Override
    public void consume() throws IOException {
        event.read();
    }

    @Override
    public void close() throws IOException {
        event.close();
    }
}
