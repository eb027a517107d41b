package io.selectors4j.nio;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Which of the selectors of a channel batches its socket.
final class BatchOwner {

    /// The key whose selector batches the socket, or is about to; null if none does.
    private final AtomicReference<@Nullable FdSelectionKey> owner = new AtomicReference<>();

    /// Whether two selectors have had the socket at the same time. Then none batches it.
    private volatile boolean isShared;

    /// Remembers the key whose selector is about to batch the socket. Takes the socket from another selector first.
    ///
    /// @return false if the selector must not batch the socket
    boolean begin(FdSelectionKey key) throws IOException {
        while (!isShared) {
            FdSelectionKey other = owner.compareAndExchange(null, key);
            if (other == null || other.equals(key)) {
                break;
            }
            if (other.isValid()) {
                isShared = true;
            }
            unbatch(other);
        }
        if (isShared) { // set by another thread, possibly before this key was remembered
            end(key);
        }
        return !isShared;
    }

    /// Lets no selector batch the socket any more.
    void setShared() {
        isShared = true;
    }

    /// Returns whether the selector of a key batches the socket, or is about to.
    boolean is(FdSelectionKey key) {
        return key.equals(owner.get());
    }

    /// Forgets the key whose selector batched the socket.
    void end(FdSelectionKey key) {
        owner.compareAndSet(key, null);
    }

    /// Makes the socket an ordinary one.
    void unbatch() throws IOException {
        FdSelectionKey key = owner.get();
        if (key != null) {
            unbatch(key);
        }
    }

    private void unbatch(FdSelectionKey key) throws IOException {
        key.selector().unbatch(key);
        end(key); // also if that selector is closed
    }
}
