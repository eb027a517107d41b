package io.selectors4j;

/// Something with a file descriptor to wait on: Python's object with a `fileno()` method.
///
/// Everything in [io.selectors4j.fd] is one; [#borrow] makes one of a bare number; any class of yours can be one. The library calls no method
/// of it but [#fileno]: its exceptions call an object of yours by its class and number, and say nothing of attached data.
@FunctionalInterface
public interface Pollable {

    /// The file descriptor.
    ///
    /// A selector may call this from any thread, and while it holds its lock: it must not block, nor use the selector.
    ///
    /// @return the descriptor's number; negative once the object is closed, so that a selector can tell a new owner of
    ///     the same number from this one
    int fileno();

    /// Makes a pollable of a bare number, which stays the caller's own: nobody closes it, and nobody notices when it is
    /// closed. Two of the same number are equal.
    ///
    /// @param fd the descriptor's number
    /// @return an object that has it
    /// @throws IllegalArgumentException if the number is negative
    static Pollable borrow(int fd) {
        return new RawFd(fd);
    }
}
