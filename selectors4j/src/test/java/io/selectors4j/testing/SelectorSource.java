package io.selectors4j.testing;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import java.io.IOException;

/// A selector that waits for a pipe.
final class SelectorSource implements Source {

    private final EpollSelector<String> selector = EpollSelector.open();
    private final Link link = Link.Kind.PIPE.open();

    SelectorSource() throws IOException {
        selector.register(link.reader(), Interest.READ, "inner");
    }

    @Override
    public Pollable pollable() {
        return selector;
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
        try (link;
                selector) {
            // nothing but to close both
        }
    }
}
