package io.selectors4j.stress.faults;

import io.selectors4j.internal.ffi.Errno;
import java.util.List;
import java.util.stream.Stream;

/// An injected fault.
///
/// @param errno the error of the call; 0 for a transfer of one byte
public record Fault(int errno) {

    /// A read or write that transfers one byte.
    static final Fault SHORT = new Fault(0);

    /// All faults.
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

    /// The faults of calls that transfer everything or nothing: counters, timers, events.
    static final List<Fault> NOT_SHORT =
            ALL.stream().filter(fault -> !fault.isShort()).toList();

    boolean isShort() {
        return errno == 0;
    }

    @Override
    public String toString() {
        return isShort() ? "short" : Errno.name(errno);
    }
}
