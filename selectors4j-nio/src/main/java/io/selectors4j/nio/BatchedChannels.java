package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.IoUringSelector;
import io.selectors4j.NativeIOException;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The channels whose sockets a selector batches.
///
/// A cancelled key keeps its socket batched until the next selection operation. A program may use the channel before:
/// in blocking mode, or with another selector. It may also register the channel with two selectors. So another thread
/// can make the socket an ordinary one, between the selects of the library's selector. It wakes the selecting thread,
/// which cannot begin another select before, because the lock is fair.
final class BatchedChannels {

    private final FdSelector owner;
    private final IoUringSelector<FdSelectionKey> selector;

    /// Guards what the library's selector knows of the keys of these channels. Not held during a select.
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Condition selectEnded = lock.newCondition();

    @GuardedBy("lock")
    private @Nullable Thread selecting;

    BatchedChannels(FdSelector owner, IoUringSelector<FdSelectionKey> selector) {
        this.owner = owner;
        this.selector = selector;
    }

    /// Begins a select of the calling thread.
    void beginSelect() {
        lock.lock();
        try {
            selecting = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /// Ends a select of the calling thread.
    void endSelect() {
        lock.lock();
        try {
            selecting = null;
            selectEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Applies the operations of interest of a key, and batches its socket if it is connected.
    void apply(FdSelectionKey key, FdSocketChannel channel) throws IOException {
        boolean mayBatch = !key.isBatched && channel.isConnected() && channel.batchOwner.begin(key);
        lock.lock();
        try {
            if (mayBatch && key.isValid() && channel.batchOwner.is(key)) {
                batch(key, channel);
            }
            if (key.isValid()) {
                owner.setInterest(key);
            }
        } finally {
            if (!key.isBatched) {
                channel.batchOwner.end(key);
            }
            lock.unlock();
        }
    }

    private void batch(FdSelectionKey key, FdSocketChannel channel) throws IOException {
        owner.unregister(key);
        try {
            selector.batch(channel.pollable());
            key.isBatched = true;
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("ENOTCONN")) { // the peer has reset the connection already
                throw e;
            }
        } catch (IllegalStateException e) { // another selector waits for the connection
            channel.batchOwner.setShared();
        }
    }

    /// Removes a cancelled key.
    void remove(FdSelectionKey key) throws IOException {
        lock.lock();
        try {
            removeLocked(key);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void removeLocked(FdSelectionKey key) throws IOException {
        owner.unregister(key);
        if (key.channel() instanceof FdSocketChannel channel) {
            if (key.isBatched) {
                key.isBatched = false;
                selector.unbatch(channel.pollable());
            }
            channel.batchOwner.end(key);
        }
    }

    /// Makes the socket of a key an ordinary one when no other thread selects. If the key is valid, it is registered as
    /// that of an ordinary socket. Does nothing if the calling thread selects.
    void unbatch(FdSelectionKey key) throws IOException {
        lock.lock();
        try {
            Thread current = Thread.currentThread();
            while (selecting != null && !selecting.equals(current)) {
                selector.wakeup();
                selectEnded.awaitUninterruptibly();
            }
            if (selecting == null && selector.isOpen()) {
                removeLocked(key);
                if (key.isValid()) {
                    owner.setInterest(key);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Closes the library's selector, when no thread is in [#unbatch].
    void close() {
        lock.lock();
        try {
            selector.close();
        } finally {
            lock.unlock();
        }
    }
}
