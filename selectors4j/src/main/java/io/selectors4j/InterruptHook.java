package io.selectors4j;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/// Learns of [Thread#interrupt] while a thread waits. The platform's one public way is the superclass of NIO selectors,
/// whose `begin` and `end` bracket a wait and whose `wakeup` is called when the thread is interrupted, or was before.
/// Nothing else of it is used.
final class InterruptHook extends AbstractSelector {

    private final Runnable wakeup;

    /// Makes a hook.
    ///
    /// @param wakeup wakes the selecting thread; called from the interrupting one
    @SuppressWarnings("NullAway") // no provider: this is not a selector of NIO, and its provider is never asked for
    InterruptHook(Runnable wakeup) {
        super(null);
        this.wakeup = wakeup;
    }

    /// The current thread begins to wait.
    void enter() {
        begin();
    }

    /// The current thread has waited.
    void leave() {
        end();
    }

    @Override
    public Selector wakeup() {
        wakeup.run();
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
        return new UnsupportedOperationException("this only learns of interrupts");
    }
}
