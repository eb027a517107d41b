package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import java.io.IOException;
import java.util.Objects;

/// Thrown when a system call fails: Python's `OSError`. The message contains the call with its arguments, and the
/// symbol, the number and the text of errno: `epoll_ctl(ADD, fd=7): EEXIST (17) File exists`.
public class NativeIOException extends IOException {

    private static final long serialVersionUID = 1L;

    /// The call and its arguments.
    private final String call;

    /// The value of errno after the call.
    private final int errno;

    /// Creates an exception for a failed call.
    ///
    /// @param call the call with the relevant arguments, such as `epoll_ctl(ADD, fd=7)`
    /// @param errno the error number, positive
    public NativeIOException(String call, int errno) {
        super(text(call, errno));
        this.call = call;
        this.errno = errno;
    }

    /// Creates an exception for a failed call, with a hint on its cause or remedy.
    ///
    /// @param call the call with the relevant arguments, such as `epoll_ctl(ADD, fd=7)`
    /// @param errno the error number, positive
    /// @param hint the text in parentheses at the end of the message
    public NativeIOException(String call, int errno, String hint) {
        super(text(call, errno) + " (" + hint + ")");
        this.call = call;
        this.errno = errno;
    }

    private static String text(String call, int errno) {
        return Objects.requireNonNull(call, "call") + ": " + Errno.name(errno) + " (" + errno + ") "
                + Errno.text(errno);
    }

    /// Returns the call that failed.
    ///
    /// @return the call with the relevant arguments
    public String call() {
        return call;
    }

    /// Returns the error number, as in errno(3). The numbers differ between systems; [#errnoName] does not.
    ///
    /// @return the error number
    public int errno() {
        return errno;
    }

    /// Returns the symbol of the error, as in errno(3).
    ///
    /// @return the symbol, such as `EMFILE`; `errno` if the number has no symbol
    public String errnoName() {
        return Errno.name(errno);
    }

    /// Returns the text of the error: Python's `OSError.strerror`. It is the text of strerror(3) in the C locale on
    /// Linux, whatever the system.
    ///
    /// @return the text, such as `Connection refused`
    public String strerror() {
        return Errno.text(errno);
    }
}
