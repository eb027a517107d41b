package io.selectors4j.benchmarks.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.function.Consumer;

/// The chain with NIO. A registration or cancellation takes effect in the next select. Therefore one select follows the
/// cancellation of all pipes, and another select follows their registration.
final class NioChain extends ChainTask {

    private Selector selector = Selector.open();
    private final Consumer<SelectionKey> consumer = this::ready;
    private final boolean consumes;
    private Pipe.SourceChannel[] readers = {};
    private Pipe.SinkChannel[] writers = {};
    private SelectionKey[] keys = {};

    /// @param args `select` or `consumer`, and the warm-up in milliseconds
    NioChain(String[] args) throws IOException {
        super(args[1]);
        consumes = args[0].equals("consumer");
    }

    @Override
    void openPipes(int count) throws IOException {
        selector.close();
        selector = Selector.open(); // with tables of the size for this number of pipes
        readers = new Pipe.SourceChannel[count];
        writers = new Pipe.SinkChannel[count];
        keys = new SelectionKey[count];
        for (int i = 0; i < count; i++) {
            Pipe pipe = Pipe.open();
            readers[i] = pipe.source();
            writers[i] = pipe.sink();
            readers[i].configureBlocking(false);
            writers[i].configureBlocking(false);
            keys[i] = readers[i].register(selector, SelectionKey.OP_READ, i);
        }
        selector.selectNow();
    }

    @Override
    void closePipes() throws IOException {
        for (int i = 0; i < readers.length; i++) {
            readers[i].close();
            writers[i].close();
        }
        selector.selectNow();
    }

    @Override
    void registerAgain() throws IOException {
        for (SelectionKey key : keys) {
            key.cancel();
        }
        selector.selectNow();
        for (int i = 0; i < pipes; i++) {
            keys[i] = readers[i].register(selector, SelectionKey.OP_READ, i);
        }
        selector.selectNow();
    }

    @Override
    void write(int index) throws IOException {
        one.clear();
        written += writers[index].write(one);
    }

    @Override
    void read(int index) throws IOException {
        one.clear();
        read += readers[index].read(one);
    }

    @Override
    void select() throws IOException {
        if (consumes) {
            selector.select(consumer);
        } else {
            selector.select();
            Set<SelectionKey> selected = selector.selectedKeys();
            for (SelectionKey key : selected) {
                passOn((Integer) key.attachment());
            }
            selected.clear();
        }
    }

    private void ready(SelectionKey key) {
        try {
            passOn((Integer) key.attachment());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closePipes();
        selector.close();
    }
}
