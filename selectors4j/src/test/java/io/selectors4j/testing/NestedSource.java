package io.selectors4j.testing;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.os.Epoll;
import java.io.Closeable;
import java.io.IOException;

/// An epoll instance that watches a pipe.
///
/// @param pollable the epoll instance
/// @param closer closes it
/// @param pair the pipe
record NestedSource(Pollable pollable, Closeable closer, ConnectedPair pair) implements ReadySource {

    static NestedSource epoll() throws IOException {
        Epoll epoll = Epoll.create();
        ConnectedPair pair = ConnectedPair.Kind.PIPE.open();
        epoll.register(pair.reader(), Epoll.EPOLLIN);
        return new NestedSource(epoll, epoll, pair);
    }

    static NestedSource selector() throws IOException {
        EpollSelector<String> selector = EpollSelector.open();
        ConnectedPair pair = ConnectedPair.Kind.PIPE.open();
        selector.register(pair.reader(), Interest.READ, "inner");
        return new NestedSource(selector, selector, pair);
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
        try (pair;
                closer) {
            // try-with-resources closes both
        }
    }
}
