package io.selectors4j.os;

import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.sys.IoUringInstance;
import java.util.Objects;

/// Reusable memory for the completions of [IoUring#submitAndWait]: a wait with it creates no objects. Only one thread
/// at a time may use it.
public final class IoUringCompletions {

    private static final int MAX_CAPACITY = 1 << 20;

    private final long[] data;
    private final int[] results;
    private final int[] flags;
    private final IoUringInstance.Wait wait = new IoUringInstance.Wait();
    private int size;

    /// Allocates memory.
    ///
    /// @param capacity the largest number of completions that one wait returns, from 1 to 1,048,576
    /// @throws IllegalArgumentException if the capacity is out of range
    /// @throws UnsupportedOperationException if system calls cannot be made here; the message says why
    public IoUringCompletions(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not from 1 to " + MAX_CAPACITY);
        }
        data = new long[capacity];
        results = new int[capacity];
        flags = new int[capacity];
    }

    /// Returns how many completions fit.
    ///
    /// @return the number of completions
    public int capacity() {
        return data.length;
    }

    /// Returns how many completions the last wait returned.
    ///
    /// @return the number of completions
    public int size() {
        return size;
    }

    /// Returns the user data of a completion's request.
    ///
    /// @param index the index of the completion, below [#size]
    /// @return the last argument of the method that prepared the request
    /// @throws IndexOutOfBoundsException if the index is out of range
    public long data(int index) {
        return data[Objects.checkIndex(index, size)];
    }

    /// Returns the result of a completion.
    ///
    /// @param index the index of the completion, below [#size]
    /// @return what the system call returns, such as a number of bytes; `-errno` if the request failed
    /// @throws IndexOutOfBoundsException if the index is out of range
    public int result(int index) {
        return results[Objects.checkIndex(index, size)];
    }

    /// Returns the flags of a completion.
    ///
    /// @param index the index of the completion, below [#size]
    /// @return the IORING_CQE_F_* flags that are set; the upper half is the number of a provided buffer
    /// @throws IndexOutOfBoundsException if the index is out of range
    public int flags(int index) {
        return flags[Objects.checkIndex(index, size)];
    }

    /// Returns whether the request will complete again: IORING_CQE_F_MORE.
    ///
    /// @param index the index of the completion, below [#size]
    /// @return false if this is the last completion of the request
    /// @throws IndexOutOfBoundsException if the index is out of range
    public boolean hasMore(int index) {
        return (flags(index) & IoUring.IORING_CQE_F_MORE) != 0;
    }

    /// Returns the number of the provided buffer that has the received bytes.
    ///
    /// @param index the index of the completion, below [#size]
    /// @return the number, for [IoUringBuffers]; -1 if the completion has no provided buffer
    /// @throws IndexOutOfBoundsException if the index is out of range
    public int bufferId(int index) {
        int set = flags(index);
        return (set & IoUring.IORING_CQE_F_BUFFER) == 0 ? -1 : set >>> IoUringConstants.IORING_CQE_BUFFER_SHIFT;
    }

    /// Removes all completions.
    void clear() {
        size = 0;
    }

    boolean isFull() {
        return size == data.length;
    }

    void add(long userData, int result, int completionFlags) {
        data[size] = userData;
        results[size] = result;
        flags[size] = completionFlags;
        size++;
    }

    /// Returns the memory of the wait.
    IoUringInstance.Wait memory() {
        return wait;
    }
}
