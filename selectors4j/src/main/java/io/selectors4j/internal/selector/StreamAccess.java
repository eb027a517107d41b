package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import org.jspecify.annotations.Nullable;

/// The way to the streams of sockets and the calls on descriptors, from layers that do not know the class of
/// descriptors.
public interface StreamAccess {

    /// Used before the class of sockets is initialized.
    StreamAccess NO_SOCKETS = new StreamAccess() {
        @Override
        public @Nullable IoUringStream get(Pollable fileobj) {
            return null;
        }

        @Override
        public void set(Pollable fileobj, @Nullable IoUringStream stream) {}

        @Override
        public boolean acquire(Pollable fileobj) {
            return false;
        }

        @Override
        public void release(Pollable fileobj) {}

        @Override
        public int callCount(Pollable fileobj) {
            return -1;
        }
    };

    /// Returns the way to the streams of the class of sockets. Before that class is initialized, there are none.
    static StreamAccess current() {
        for (Object accessor : CloseListeners.accessors()) {
            if (accessor instanceof StreamAccess access) {
                return access;
            }
        }
        return NO_SOCKETS;
    }

    /// Returns the stream of an object, or null.
    @Nullable
    IoUringStream get(Pollable fileobj);

    /// Sets the stream of an object.
    void set(Pollable fileobj, @Nullable IoUringStream stream);

    /// Acquires the descriptor of an object.
    ///
    /// @return false if it is closed
    boolean acquire(Pollable fileobj);

    /// Releases the descriptor.
    void release(Pollable fileobj);

    /// Returns a number that changes with each call on the descriptor of an object; -1 for an object of another class.
    int callCount(Pollable fileobj);
}
