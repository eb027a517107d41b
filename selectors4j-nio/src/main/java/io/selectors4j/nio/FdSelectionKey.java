package io.selectors4j.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectionKey;

/// The registration of a channel with a selector.
///
/// A change of the operations of interest takes effect at the next selection operation, as the JDK's does: the key asks
/// its selector to apply it then.
final class FdSelectionKey extends AbstractSelectionKey {

    private static final VarHandle INTEREST_OPS;

    static {
        try {
            INTEREST_OPS = MethodHandles.lookup().findVarHandle(FdSelectionKey.class, "interestOps", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FdSelector selector;
    private final SelectableChannel channel;
    private final SelectableFd fd;

    private volatile int interestOps;
    private volatile int readyOps;

    /// Whether the library's selector has the key. Guarded by the selector, and of a key that may be batched by its
    /// [BatchedChannels].
    boolean isRegistered;

    /// Whether the library's selector batches the socket. Written with the lock of [BatchedChannels] held.
    boolean isBatched;

    /// Whether the key waits for its changes to be applied. Guarded by the lock of the selector's changes.
    boolean isChanged;

    FdSelectionKey(FdSelector selector, SelectableChannel channel, SelectableFd fd) {
        this.selector = selector;
        this.channel = channel;
        this.fd = fd;
    }

    SelectableFd fd() {
        return fd;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public FdSelector selector() {
        return selector;
    }

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    /// Throws an [IllegalArgumentException] for an operation that the channel does not have.
    private void requireValidOps(int ops) {
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException(
                    "the channel has the operations " + channel.validOps() + ", not all of " + ops + ": " + channel);
        }
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interestOps;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        ensureValid();
        requireValidOps(ops);
        changed((int) INTEREST_OPS.getAndSet(this, ops), ops);
        return this;
    }

    @Override
    public int interestOpsOr(int ops) {
        ensureValid();
        requireValidOps(ops);
        int old = (int) INTEREST_OPS.getAndBitwiseOr(this, ops);
        changed(old, old | ops);
        return old;
    }

    @Override
    public int interestOpsAnd(int ops) {
        ensureValid();
        int old = (int) INTEREST_OPS.getAndBitwiseAnd(this, ops);
        changed(old, old & ops);
        return old;
    }

    private void changed(int old, int ops) {
        if (old != ops) {
            selector.applyLater(this);
        }
    }

    @Override
    public int readyOps() {
        ensureValid();
        return readyOps;
    }

    /// Returns the operations of interest, also of a cancelled key.
    int currentOps() {
        return interestOps;
    }

    /// Sets the ready operations of a key that was not selected.
    void setReadyOps(int ops) {
        readyOps = ops;
    }

    /// Adds ready operations to a selected key. Only the selecting thread writes them.
    ///
    /// @return whether an operation was not ready before
    boolean addReadyOps(int ops) {
        int old = readyOps;
        readyOps = old | ops;
        return (ops & ~old) != 0;
    }

    @Override
    public String toString() {
        return "FdSelectionKey[" + channel + (isValid() ? ", interestOps=" + interestOps + "]" : ", cancelled]");
    }
}
