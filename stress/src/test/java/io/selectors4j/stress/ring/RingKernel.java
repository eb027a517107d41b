package io.selectors4j.stress.ring;

import java.lang.foreign.MemorySegment;

/// The system calls of io_uring. Each method returns a value, `-errno`, or [#OTHER] for the call of the system.
public interface RingKernel {

    /// The system makes the call.
    long OTHER = Long.MIN_VALUE;

    /// Returns the number of submission entries of a new instance, and may change its `struct io_uring_params`.
    default int entries(int requested, MemorySegment params) {
        return requested;
    }

    /// `io_uring_setup(entries, params)`.
    default long setup(int entries, MemorySegment params) {
        return OTHER;
    }

    /// Changes what the `io_uring_setup` of the system has returned.
    default void created(MemorySegment params) {}

    /// `mmap` of a descriptor.
    default long mmap(int fd, long offset) {
        return OTHER;
    }

    /// `munmap`.
    ///
    /// @return whether this kernel has mapped the address
    default boolean munmap(long address) {
        return false;
    }

    /// `io_uring_enter(fd, toSubmit, minComplete, flags, argument)`.
    default long enter(int fd, int toSubmit, int minComplete, int flags, long argument) {
        return OTHER;
    }

    /// `io_uring_register(fd, opcode, argument)`.
    default long register(int fd, int opcode, long argument) {
        return OTHER;
    }
}
