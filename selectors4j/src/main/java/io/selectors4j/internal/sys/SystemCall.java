package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import java.util.function.Supplier;

/// The result of a system call: a value, or `-errno`.
public final class SystemCall {

    private SystemCall() {}

    /// Returns the value, or throws the exception of the failure. The text is made only after a failure.
    ///
    /// @param result the value, or `-errno`
    /// @param call the call and its arguments, for the message
    /// @return the value
    /// @throws NativeIOException if the call failed
    public static int check(int result, Supplier<String> call) throws NativeIOException {
        if (result < 0) {
            throw new NativeIOException(call.get(), -result);
        }
        return result;
    }
}
