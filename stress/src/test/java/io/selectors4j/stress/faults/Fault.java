package io.selectors4j.stress.faults;

import io.selectors4j.internal.ffi.Errno;
import java.util.List;
import java.util.stream.Stream;

/// What becomes of a call.
///
/// @param errno the error that it fails with; 0 if it moves one byte of what it was to move
public record Fault(int errno) {

    /// A read or a write that moves one byte.
    static final Fault SHORT = new Fault(0);

    /// All that a call may be told to do.
    static final List<Fault> ALL = Stream.concat(
                    Stream.of(SHORT),
                    Stream.of(
                                    "EINTR",
                                    "EMFILE",
                                    "ENFILE",
                                    "ENOMEM",
                                    "ENOSPC",
                                    "EBADF",
                                    "EPERM",
                                    "ENOSYS",
                                    "ECONNABORTED",
                                    "EAGAIN")
                            .map(name -> new Fault(Errno.number(name))))
            .toList();

    /// All for what moves as a whole or not at all: counters, timers, events.
    static final List<Fault> OF_WHOLES =
            ALL.stream().filter(fault -> !fault.isShort()).toList();

    boolean isShort() {
        return errno == 0;
    }

    @Override
    public String toString() {
        return isShort() ? "short" : Errno.name(errno);
    }
}
