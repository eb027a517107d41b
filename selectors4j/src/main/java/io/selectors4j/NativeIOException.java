package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import java.io.IOException;
import java.util.Objects;

/// A system call failed: Python's `OSError`. The message names the call with its arguments, the symbol, number and meaning
/// of errno: `epoll_ctl(ADD, fd=7): EEXIST (17) File exists`.
public class NativeIOException extends IOException {

    private static final long serialVersionUID = 1L;

    /// The call and its arguments.
    private final String call;

    /// What the call left in errno.
    private final int errno;

    /// Describes a failed call.
    ///
    /// @param call the call with the arguments that matter, such as `epoll_ctl(ADD, fd=7)`
    /// @param errno the error's number, positive
    public NativeIOException(String call, int errno) {
        super(text(call, errno));
        this.call = call;
        this.errno = errno;
    }

    /// Describes a failed call, and what to do or what it means there.
    ///
    /// @param call the call with the arguments that matter, such as `epoll_ctl(ADD, fd=7)`
    /// @param errno the error's number, positive
    /// @param hint what stands in parentheses at the end of the message
    public NativeIOException(String call, int errno, String hint) {
        super(text(call, errno) + " (" + hint + ")");
        this.call = call;
        this.errno = errno;
    }

    private static String text(String call, int errno) {
        return Objects.requireNonNull(call, "call") + ": " + Errno.name(errno) + " (" + errno + ") "
                + Errno.text(errno);
    }

    /// The call that failed.
    ///
    /// @return the call with the arguments that matter
    public String call() {
        return call;
    }

    /// The number of the error, as in errno(3). Numbers differ between systems; [#errnoName] does not.
    ///
    /// @return the error's number
    public int errno() {
        return errno;
    }

    /// The symbol of the error, as in errno(3).
    ///
    /// @return the symbol, such as `EMFILE`; `errno` if this number has none
    public String errnoName() {
        return Errno.name(errno);
    }
}
