package io.selectors4j;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/// Wakes the selecting thread on [Thread#interrupt]. The only public way to learn of an interrupt is the superclass of
/// NIO's selectors: its `begin` and `end` bracket a wait, and its `wakeup` is called when the thread is interrupted, or
/// was before. Nothing else of that class is used.
final class InterruptHook extends AbstractSelector {

    private final WakeupState state;
    private final Waker waker;

    @SuppressWarnings("NullAway") // no provider: this is no selector of NIO, and its provider is never used
    InterruptHook(WakeupState state, Waker waker) {
        this.state = state;
        this.waker = waker;
        super(null);
    }

    /// Called by the selecting thread before it blocks.
    void beginBlocking() {
        begin();
    }

    /// Called by the selecting thread after it blocked.
    void endBlocking() {
        end();
    }

    @Override
    public Selector wakeup() {
        state.wake(waker);
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw notASelector();
    }

    @Override
    public Set<SelectionKey> keys() {
        throw notASelector();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw notASelector();
    }

    @Override
    public int selectNow() {
        throw notASelector();
    }

    @Override
    public int select(long timeout) {
        throw notASelector();
    }

    @Override
    public int select() {
        throw notASelector();
    }

    private static UnsupportedOperationException notASelector() {
        return new UnsupportedOperationException("this object only learns of interrupts");
    }
}
