package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.os.Epoll;
import java.io.IOException;

/// An epoll set that watches a pipe.
final class EpollSource implements Source {

    private final Epoll epoll = Epoll.create();
    private final Link link = Link.Kind.PIPE.open();

    EpollSource() throws IOException {
        epoll.register(link.reader(), Epoll.EPOLLIN);
    }

    @Override
    public Pollable pollable() {
        return epoll;
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
                epoll) {
            // nothing but to close both
        }
    }
}
