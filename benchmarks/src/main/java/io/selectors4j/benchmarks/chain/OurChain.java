package io.selectors4j.benchmarks.chain;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyHandler;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;

/// The chain with a [Selector].
final class OurChain extends ChainTask {

    private final Backend backend;
    private Selector<Integer> selector;
    private final boolean list;
    private final ReadyHandler<Integer, IOException> handler = this::ready;
    private PipeFd[] readers = {};
    private PipeFd[] writers = {};

    /// @param args the backend, `list` or `handler`, and the warm-up in milliseconds
    OurChain(String[] args) throws IOException {
        super(args[2]);
        backend = Backend.valueOf(args[0]);
        selector = backend.open();
        list = args[1].equals("list");
    }

    @Override
    void openPipes(int count) throws IOException {
        selector.close();
        selector = backend.open(); // with tables of the size for this number of pipes
        readers = new PipeFd[count];
        writers = new PipeFd[count];
        for (int i = 0; i < count; i++) {
            PipeFd.Pipe pipe = PipeFd.open();
            readers[i] = pipe.reader();
            writers[i] = pipe.writer();
            readers[i].setBlocking(false);
            writers[i].setBlocking(false);
            selector.register(readers[i], Interest.READ, i);
        }
    }

    @Override
    void closePipes() throws IOException {
        for (int i = 0; i < readers.length; i++) {
            readers[i].close();
            writers[i].close();
        }
    }

    @Override
    void registerAgain() throws IOException {
        for (int i = 0; i < pipes; i++) {
            selector.unregister(readers[i]);
            selector.register(readers[i], Interest.READ, i);
        }
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
        if (list) {
            for (ReadyKey<Integer> ready : selector.select()) {
                passOn(ready.data());
            }
        } else {
            selector.select(handler);
        }
    }

    private void ready(SelectorKey<Integer> key, Readiness readiness) throws IOException {
        passOn(key.data());
    }

    @Override
    public void close() throws IOException {
        closePipes();
        selector.close();
    }
}
