package io.selectors4j.stress.faults;

/// A call of the library's, which may fail.
///
/// @param <T> type of what it returns
/// @param <X> what it throws
@FunctionalInterface
interface ThrowingSupplier<T, X extends Exception> {
    T run() throws X;
}
