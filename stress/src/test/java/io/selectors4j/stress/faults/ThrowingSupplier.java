package io.selectors4j.stress.faults;

/// A library call that may fail.
///
/// @param <T> type of the result
/// @param <X> type of the exception
@FunctionalInterface
interface ThrowingSupplier<T, X extends Exception> {
    T run() throws X;
}
