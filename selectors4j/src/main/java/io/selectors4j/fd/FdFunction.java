package io.selectors4j.fd;

import org.jspecify.annotations.Nullable;

/// A function of the number of a descriptor, for [Fd#use].
///
/// @param <T> type of the result
/// @param <X> type of the exception that it may throw
@FunctionalInterface
public interface FdFunction<T extends @Nullable Object, X extends Exception> {

    /// Applies the function.
    ///
    /// @param fd the number, which stays open until this method returns
    /// @return the result
    /// @throws X if the function fails
    T apply(int fd) throws X;
}
