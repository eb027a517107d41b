package io.selectors4j.benchmarks.flat;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// One active pipe among idle ones, with a [Selector]. The argument of a round is `EVENTS`, the number of bytes to
/// write, wait for and read.
final class OurFlat implements Task {

    private final ByteBuffer one = ByteBuffer.allocateDirect(1);
    private final ReadyHandler<PipeFd, IOException> handler = this::ready;
    private final Selector<PipeFd> selector;
    private final PipeFd.Pipe active;
    private final WarmUp warmUp;
    private long read;

    /// @param args the backend, the number of idle pipes, and the warm-up in milliseconds
    OurFlat(String[] args) throws IOException {
        selector = Backend.valueOf(args[0]).open();
        for (int i = Integer.parseInt(args[1]); i > 0; i--) {
            watchPipe(); // stays open until this process ends
        }
        active = watchPipe();
        warmUp = new WarmUp(args[2]);
    }

    private PipeFd.Pipe watchPipe() throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        pipe.reader().setBlocking(false);
        pipe.writer().setBlocking(false);
        selector.register(pipe.reader(), Interest.READ, pipe.reader());
        return pipe;
    }

    @Override
    public String round(String... args) throws Exception {
        long events = Long.parseLong(args[0]);
        warmUp.with(() -> run(events));
        long start = System.nanoTime();
        run(events);
        return "event=" + (double) (System.nanoTime() - start) / read + " events=" + read;
    }

    private void run(long events) throws IOException {
        read = 0;
        while (read < events) {
            one.clear();
            active.writer().write(one);
            selector.select(handler);
        }
    }

    private void ready(SelectorKey<PipeFd> key, Readiness readiness) throws IOException {
        one.clear();
        read += key.data().read(one);
    }

    @Override
    public void close() {
        selector.close();
    }
}
