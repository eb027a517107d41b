package io.selectors4j.testing;

import io.selectors4j.Pollable;
import java.io.IOException;

/// The reader of a connected pair.
record ConnectedPairSource(ConnectedPair pair) implements ReadySource {

    static ConnectedPairSource open(ConnectedPair.Kind kind) throws IOException {
        return new ConnectedPairSource(kind.open());
    }

    @Override
    public Pollable pollable() {
        return pair.reader();
    }

    @Override
    public void fire() throws IOException {
        pair.write(1);
    }

    @Override
    public void consume() throws IOException {
        pair.drain();
    }

    @Override
    public void close() throws IOException {
        pair.close();
    }
}
