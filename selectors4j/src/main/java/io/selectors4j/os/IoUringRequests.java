package io.selectors4j.os;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The requests of one ring that the kernel may still complete. The owner serializes the calls.
///
/// The kernel gets the id of a request as its user data: the index of a slot, and a number that changes with each use
/// of the slot. So a completion that belongs to no request, or to an earlier one of the same slot, is recognized. A
/// slot keeps the memory of its request reachable, because the kernel may use it until the last completion.
final class IoUringRequests {

    /// The result of [#indexOf] for an id without a request.
    static final int NONE = -1;

    private static final int INITIAL_CAPACITY = 64;

    private long[] data = new long[INITIAL_CAPACITY];
    private @Nullable Object[] memory = new @Nullable Object[INITIAL_CAPACITY];

    /// The number of times that a slot was used; the id of a request contains it. Odd while the slot is in use.
    private int[] uses = new int[INITIAL_CAPACITY];

    /// The free slots, a stack.
    private int[] free = new int[INITIAL_CAPACITY];

    private int freeCount;

    IoUringRequests() {
        addFree(0);
    }

    private void addFree(int from) {
        for (int i = data.length - 1; i >= from; i--) {
            free[freeCount++] = i;
        }
    }

    /// Adds a request.
    ///
    /// @param userData the user data of its completions
    /// @param kept the memory that the kernel may use, or null
    /// @return the id of the request
    long add(long userData, @Nullable Object kept) {
        if (freeCount == 0) {
            grow();
        }
        int index = free[--freeCount];
        data[index] = userData;
        memory[index] = kept;
        return (long) ++uses[index] << Integer.SIZE | index;
    }

    private void grow() {
        int old = data.length;
        data = Arrays.copyOf(data, 2 * old);
        memory = Arrays.copyOf(memory, 2 * old);
        uses = Arrays.copyOf(uses, 2 * old);
        free = new int[2 * old];
        addFree(old);
    }

    /// Returns the index of a request, or [#NONE] if there is none with this id.
    int indexOf(long id) {
        int index = (int) id;
        int use = (int) (id >> Integer.SIZE);
        return index >= 0 && index < data.length && uses[index] == use && (use & 1) != 0 ? index : NONE;
    }

    /// Returns the user data of a request.
    long data(int index) {
        return data[index];
    }

    /// Returns the memory that a request keeps.
    @Nullable
    Object memory(int index) {
        return memory[index];
    }

    /// Removes a request, and returns the memory that it kept.
    @Nullable
    Object remove(int index) {
        Object kept = memory[index];
        memory[index] = null;
        uses[index]++;
        free[freeCount++] = index;
        return kept;
    }

    /// Returns the id of the request in a slot, or [#NONE] if the slot is free.
    long id(int index) {
        return (uses[index] & 1) == 0 ? NONE : (long) uses[index] << Integer.SIZE | index;
    }

    /// Returns the number of slots.
    int capacity() {
        return data.length;
    }

    /// Returns the number of requests.
    int size() {
        return data.length - freeCount;
    }
}
