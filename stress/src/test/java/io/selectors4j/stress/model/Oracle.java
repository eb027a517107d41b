package io.selectors4j.stress.model;

import io.selectors4j.internal.ffi.Platform;

/// The readiness of a descriptor from the `poll()` of the system, called without the library.
interface Oracle {

    // poll.h on Linux
    int POLLIN = 0x001;
    int POLLPRI = 0x002;
    int POLLOUT = 0x004;
    int POLLERR = 0x008;
    int POLLHUP = 0x010;
    int POLLNVAL = 0x020;
    int POLLRDHUP = 0x2000;

    /// Creates the oracle of this system, for one thread.
    static Oracle create() {
        return Platform.IS_WINDOWS ? new WsaPollOracle() : new PollOracle();
    }

    /// Returns the readiness of a descriptor.
    ///
    /// @param fd the descriptor
    /// @param events the requested POLL* flags
    /// @param millis the timeout in milliseconds
    /// @return the returned POLL* flags
    int poll(int fd, int events, int millis);
}
