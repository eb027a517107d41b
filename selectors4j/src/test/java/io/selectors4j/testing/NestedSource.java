package io.selectors4j.testing;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.os.Epoll;
import java.io.Closeable;
import java.io.IOException;

/// An epoll set that watches a pipe.
///
/// @param pollable the set
/// @param closer closes it
/// @param link the pipe
record NestedSource(Pollable pollable, Closeable closer, ConnectedPair link) implements ReadySource {

    static NestedSource epoll() throws IOException {
        Epoll epoll = Epoll.create();
        ConnectedPair link = ConnectedPair.Kind.PIPE.open();
        epoll.register(link.reader(), Epoll.EPOLLIN);
        return new NestedSource(epoll, epoll, link);
    }

    static NestedSource selector() throws IOException {
        EpollSelector<String> selector = EpollSelector.open();
        ConnectedPair link = ConnectedPair.Kind.PIPE.open();
        selector.register(link.reader(), Interest.READ, "inner");
        return new NestedSource(selector, selector, link);
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
                closer) {
            // nothing but to close both
        }
    }
}
