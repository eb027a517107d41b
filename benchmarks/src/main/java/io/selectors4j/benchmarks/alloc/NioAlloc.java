package io.selectors4j.benchmarks.alloc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.function.Consumer;

/// Selects with NIO.
final class NioAlloc extends AllocTask {

    private final Selector selector = Selector.open();
    private final boolean consumes;
    private final Consumer<SelectionKey> consumer = this::ready;

    /// @param args `select` or `consumer`, and the warm-up in milliseconds
    NioAlloc(String[] args) throws IOException {
        super(args[1]);
        consumes = args[0].equals("consumer");
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.allocate(1));
        pipe.source().configureBlocking(false);
        Runnable countEvent = this::countEvent;
        pipe.source().register(selector, SelectionKey.OP_READ, countEvent);
    }

    @Override
    void select() throws IOException {
        if (consumes) {
            selector.select(consumer);
        } else {
            selector.select();
            Set<SelectionKey> selected = selector.selectedKeys();
            for (SelectionKey key : selected) {
                ready(key);
            }
            selected.clear();
        }
    }

    private void ready(SelectionKey key) {
        ((Runnable) key.attachment()).run();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
