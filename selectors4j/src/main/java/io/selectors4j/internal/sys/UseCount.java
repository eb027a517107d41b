package io.selectors4j.internal.sys;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// How the users of something that can be closed are counted, in a field of the object that stands for it: one place in memory
/// less for each call than a counter of its own.
///
/// The owner is one of the users until it has closed. The field's highest bit says that closing has begun, from which on nobody
/// else gets in.
///
/// @param <T> type of the object
/// @param field its field, a `volatile int` that begins as [#OWNED]
public record UseCount<T>(AtomicIntegerFieldUpdater<T> field) {

    /// What the field begins as: one user, the owner.
    public static final int OWNED = 1;

    private static final int CLOSING = 1 << 31;

    /// Whether closing has not begun.
    ///
    /// @param object the object
    /// @return whether it is open
    public boolean isOpen(T object) {
        return field.get(object) >= 0;
    }

    /// Starts to use the object, if it is open. Only then must [#release] follow.
    ///
    /// @param object the object
    /// @return whether it is open
    public boolean acquire(T object) {
        int users = field.get(object);
        while (users >= 0) {
            if (field.compareAndSet(object, users, users + 1)) {
                return true;
            }
            users = field.get(object);
        }
        return false;
    }

    /// Ends the use that [#acquire] began, or, for the owner, what [#beginClose] began.
    ///
    /// @param object the object
    /// @return whether this was the last use of what is closed
    public boolean release(T object) {
        return field.decrementAndGet(object) == CLOSING;
    }

    /// Begins to close: from now on nobody enters. The owner then leaves.
    ///
    /// @param object the object
    /// @return whether closing had not begun before
    public boolean beginClose(T object) {
        int users = field.get(object);
        while (users >= 0) {
            if (field.compareAndSet(object, users, users | CLOSING)) {
                return true;
            }
            users = field.get(object);
        }
        return false;
    }

    /// Whether somebody else than the owner, who has not left yet, is using the object.
    ///
    /// @param object the object
    /// @return whether a call is under way
    public boolean isInUse(T object) {
        return (field.get(object) & ~CLOSING) > 1;
    }
}
