package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import java.util.function.Supplier;

/// Converts the result of a system call.
public final class SystemCall {

    private SystemCall() {}

    /// Returns the value, or throws the exception of a failure.
    ///
    /// @param result the value, or `-errno`
    /// @param call supplies the call and its arguments for the message; used only after a failure
    /// @throws NativeIOException if the call failed
    public static int check(int result, Supplier<String> call) throws NativeIOException {
        if (result < 0) {
            throw new NativeIOException(call.get(), -result);
        }
        return result;
    }
}
