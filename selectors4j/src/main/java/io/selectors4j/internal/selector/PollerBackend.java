package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;

/// The kernel's set of a [Poller]: an epoll instance or a kqueue. All but [#await] and what tells of its outcome may be
/// called by any thread. Numbers are `-errno` when they are negative.
interface PollerBackend {

    /// Creates a set.
    ///
    /// @return the one of this system
    /// @throws NativeIOException if there is no descriptor left for it
    static PollerBackend create() throws NativeIOException {
        return KqueueSystem.of(Platform.CURRENT.os()) == KqueueSystem.LIBKQUEUE
                ? new EpollPollerBackend()
                : new KqueuePollerBackend(KqueueLibc.current());
    }

    /// Watches a descriptor, in place of how it was watched before, until it is reported once.
    ///
    /// @param fd the descriptor
    /// @param events POLL* flags
    /// @param token what the event carries
    /// @return 0 or `-errno`
    int startPoll(int fd, int events, long token);

    /// Stops watching a descriptor.
    ///
    /// @param fd the descriptor
    /// @return 0 or `-errno`
    int delete(int fd);

    /// Waits until something happens. For one thread.
    ///
    /// @return how many events there are, or `-errno`
    int await();

    /// What an event carries.
    ///
    /// @param index which one of the last wait
    /// @return the token
    long token(int index);

    /// What an event says.
    ///
    /// @param index which one of the last wait
    /// @return POLL* flags
    int events(int index);

    /// The call that watches a descriptor, for messages.
    ///
    /// @param fd the descriptor
    /// @return such as `epoll_ctl(ADD, fd=5)`
    String describe(int fd);

    /// Gives the set back.
    void close();
}
