package io.selectors4j;

/// An object with a file descriptor to wait for: Python's object with a `fileno()` method.
///
/// Every class of [io.selectors4j.fd] implements it, and your classes may. [#borrow] makes one of a bare number. The
/// library calls only [#fileno]. Its exceptions describe an object of yours by class and number, and do not mention
/// attached data.
@FunctionalInterface
public interface Pollable {

    /// Returns the file descriptor. A selector may call this from any thread, and with its lock held: the method must
    /// not block and must not use the selector.
    ///
    /// @return the descriptor; negative after the object is closed, so that a selector can tell it from a new owner of
    ///     the number
    int fileno();

    /// Makes an object of a bare number, which still belongs to its owner: the library neither closes it nor notices
    /// its close. Two objects of the same number are equal.
    ///
    /// @param fd the descriptor
    /// @return an object with this descriptor
    /// @throws IllegalArgumentException if the number is negative
    static Pollable borrow(int fd) {
        return new RawFd(fd);
    }
}
