package io.selectors4j.benchmarks.sleep;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// Waits with NIO. Its timeout is in whole milliseconds, so it is rounded up.
final class NioSleep extends SleepTask {

    private static final long MILLI = 1_000_000;

    private final Selector selector = Selector.open();

    /// @param args the warm-up in milliseconds
    NioSleep(String[] args) throws IOException {
        super(args[0]);
        Pipe.SourceChannel never = Pipe.open().source();
        never.configureBlocking(false);
        never.register(selector, SelectionKey.OP_READ);
    }

    @Override
    void select(long nanos) throws IOException {
        selector.select((nanos + MILLI - 1) / MILLI);
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
