package io.selectors4j;

import java.io.IOException;

/// The kinds of wakers on Linux, for fault injection from other packages.
public enum Wakers {
    EVENTFD {
        @Override
        public OpenWaker open() throws IOException {
            return new OpenWaker(new EventfdWaker());
        }
    },
    PIPE {
        @Override
        public OpenWaker open() throws IOException {
            return new OpenWaker(new PipeWaker());
        }
    };

    /// Opens a waker of this kind.
    public abstract OpenWaker open() throws IOException;

    /// An open [Waker], which is package-private.
    public static final class OpenWaker {

        private final Waker waker;

        private OpenWaker(Waker waker) {
            this.waker = waker;
        }

        /// Returns the descriptor that becomes readable.
        public int fileno() {
            return waker.fileno();
        }

        /// Makes the descriptor readable. Returns 0 or `-errno`.
        public int signal() {
            return waker.signal();
        }

        /// Makes the descriptor unreadable.
        public void drain() throws IOException {
            waker.drain();
        }

        /// Closes the descriptor.
        public void close() {
            waker.close();
        }
    }
}
