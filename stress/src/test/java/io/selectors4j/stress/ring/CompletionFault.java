package io.selectors4j.stress.ring;

import io.selectors4j.internal.ffi.Errno;
import java.util.List;

/// What can happen to a request of a ring.
public enum CompletionFault {
    NONE(""),

    /// It transfers one byte.
    SHORT(""),

    /// A send transfers nothing.
    EMPTY(""),

    /// A multishot receive ends with its bytes.
    LAST(""),

    /// The bytes move now, and the completion comes with a later call.
    LATE(""),

    /// The last completion comes twice.
    TWICE(""),

    CANCELED("ECANCELED"),
    WITHOUT_BUFFERS("ENOBUFS"),
    AGAIN("EAGAIN"),
    INTERRUPTED("EINTR"),
    RESET("ECONNRESET"),
    TIMED_OUT("ETIMEDOUT"),
    UNREACHABLE("EHOSTUNREACH");

    /// The faults after which the connection goes on.
    public static final List<CompletionFault> TEMPORARY =
            List.of(SHORT, EMPTY, LAST, LATE, TWICE, CANCELED, WITHOUT_BUFFERS, AGAIN, INTERRUPTED);

    /// The faults that end the connection.
    public static final List<CompletionFault> PERMANENT = List.of(RESET, TIMED_OUT, UNREACHABLE);

    private final int errno;

    CompletionFault(String name) {
        errno = name.isEmpty() ? 0 : Errno.number(name);
    }

    /// Returns the error of the request, or 0.
    public int errno() {
        return errno;
    }
}
