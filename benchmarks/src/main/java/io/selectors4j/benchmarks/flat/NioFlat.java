package io.selectors4j.benchmarks.flat;

import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;

/// One active pipe among idle ones, with NIO. The argument of a round is `EVENTS`, the number of bytes to write, wait
/// for and read.
final class NioFlat implements Task {

    private final ByteBuffer one = ByteBuffer.allocateDirect(1);
    private final Selector selector = Selector.open();
    private final Pipe active;
    private final WarmUp warmUp;
    private long read;

    /// @param args the number of idle pipes, and the warm-up in milliseconds
    NioFlat(String[] args) throws IOException {
        for (int i = Integer.parseInt(args[0]); i > 0; i--) {
            watchPipe(); // stays open until this process ends
        }
        active = watchPipe();
        warmUp = new WarmUp(args[1]);
        selector.selectNow();
    }

    private Pipe watchPipe() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        pipe.source().register(selector, SelectionKey.OP_READ, pipe.source());
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
            active.sink().write(one);
            selector.select();
            Set<SelectionKey> selected = selector.selectedKeys();
            for (SelectionKey key : selected) {
                one.clear();
                read += ((Pipe.SourceChannel) key.attachment()).read(one);
            }
            selected.clear();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
