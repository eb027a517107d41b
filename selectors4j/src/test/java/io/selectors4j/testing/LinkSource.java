package io.selectors4j.testing;

import io.selectors4j.Pollable;
import java.io.IOException;

/// The reading end of a link.
record LinkSource(ConnectedPair link) implements ReadySource {

    static LinkSource open(ConnectedPair.Kind kind) throws IOException {
        return new LinkSource(kind.open());
    }

    @Override
    public Pollable pollable() {
        return link.reader();
    }

    @Override
    public void fire() throws IOException {
        link.write(1);
    }

    @Override
    public void consume() throws IOException {
        link.drain();
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
