package io.selectors4j.benchmarks.alloc;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.ReadyHandler;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Selects with a [Selector].
final class OurAlloc extends AllocTask {

    private final Selector<Runnable> selector;
    private final boolean list;
    private final ReadyHandler<Runnable, IOException> handler =
            (key, _) -> key.data().run();

    /// @param args the backend, `list` or `handler`, and the warm-up in milliseconds
    OurAlloc(String[] args) throws IOException {
        super(args[2]);
        selector = Backend.valueOf(args[0]).open();
        list = args[1].equals("list");
        PipeFd.Pipe pipe = PipeFd.open();
        pipe.writer().write(ByteBuffer.allocate(1));
        selector.register(pipe.reader(), Interest.READ, this::countEvent);
    }

    @Override
    void select() throws IOException {
        if (list) {
            for (ReadyKey<Runnable> ready : selector.select()) {
                ready.data().run();
            }
        } else {
            selector.select(handler);
        }
    }

    @Override
    public void close() {
        selector.close();
    }
}
