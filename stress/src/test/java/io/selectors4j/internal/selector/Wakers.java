package io.selectors4j.internal.selector;

import java.io.IOException;

/// The kinds of wakers that Linux can have, for the harnesses.
public enum Wakers {
    EVENTFD {
        @Override
        public Waker open() throws IOException {
            return new EventfdWaker();
        }
    },
    PIPE {
        @Override
        public Waker open() throws IOException {
            return new PipeWaker();
        }
    };

    public abstract Waker open() throws IOException;
}
