package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.windows.AfdLibc;

/// The kernel set of a [Poller]: an epoll instance, a kqueue or a completion port. Any thread may call [#startPoll] and
/// [#delete], one at a time for a descriptor, until [#close]. Methods that return an `int` return `-errno` after a
/// failure.
interface PollerBackend {

    /// Receives the events of the kernel set, each of which goes to one receiver. For one thread at a time.
    interface Receiver {

        /// Waits until a descriptor is ready.
        ///
        /// @param nanos the longest wait, [io.selectors4j.internal.sys.Deadline#FOREVER], or 0 not to wait
        /// @return the number of events, or `-errno`
        int await(long nanos);

        /// Returns the token of an event of the last wait.
        long token(int index);

        /// Returns the POLL* flags of an event of the last wait.
        int events(int index);
    }

    /// Creates the backend of this system.
    ///
    /// @throws NativeIOException EMFILE or ENFILE at a limit of open files, ENOMEM
    static PollerBackend create() throws NativeIOException {
        if (Platform.CURRENT.os() == Platform.Os.WINDOWS) {
            return new AfdPollerBackend(AfdLibc.current());
        }
        return KqueueSystem.of(Platform.CURRENT.os()) == KqueueSystem.LIBKQUEUE
                ? new EpollPollerBackend()
                : new KqueuePollerBackend(KqueueLibc.current());
    }

    /// Watches a descriptor, in place of an earlier watch, until it is reported once.
    ///
    /// @param events POLL* flags
    /// @param token returned with the event
    /// @return 0 or `-errno`
    int startPoll(int fd, int events, long token);

    /// Stops watching a descriptor.
    ///
    /// @return 0 or `-errno`
    int delete(int fd);

    /// Creates a receiver, with memory of its own.
    Receiver createReceiver();

    /// Describes the system call that watches a descriptor, such as `epoll_ctl(ADD, fd=5)`.
    String describe(int fd);

    /// Closes the kernel set.
    void close();
}
