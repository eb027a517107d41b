package io.selectors4j.internal.sys;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// Counts the users of an object that can be closed, in a field of that object. A separate counter object would cost
/// each call another memory access.
///
/// The owner is one of the users until it closes the object. The highest bit of the field says that closing has begun;
/// then no further user can acquire the object.
///
/// @param <T> type of the object
/// @param field the counter, a `volatile int` with the initial value [#OWNED]
public record UseCount<T>(AtomicIntegerFieldUpdater<T> field) {

    /// The initial value of the field: one user, the owner.
    public static final int OWNED = 1;

    private static final int CLOSING = 1 << 31;

    /// Returns whether closing has not begun.
    public boolean isOpen(T object) {
        return field.get(object) >= 0;
    }

    /// Acquires the object if it is open. Only after true must the caller release it.
    public boolean acquire(T object) {
        int count = field.get(object);
        while (count >= 0) {
            if (field.compareAndSet(object, count, count + 1)) {
                return true;
            }
            count = field.get(object);
        }
        return false;
    }

    /// Releases the object, for a user, or for the owner after [#beginClose]. Returns whether this was the last use of
    /// a closed object.
    public boolean release(T object) {
        return field.decrementAndGet(object) == CLOSING;
    }

    /// Begins to close the object. Returns true for the first call only; then the owner must call [#release].
    public boolean beginClose(T object) {
        int count = field.get(object);
        while (count >= 0) {
            if (field.compareAndSet(object, count, count | CLOSING)) {
                return true;
            }
            count = field.get(object);
        }
        return false;
    }

    /// Returns whether a user other than the owner has acquired the object.
    public boolean isInUse(T object) {
        return (field.get(object) & ~CLOSING) > 1;
    }
}
