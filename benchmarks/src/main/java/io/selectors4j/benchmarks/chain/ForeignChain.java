package io.selectors4j.benchmarks.chain;

import io.selectors4j.benchmarks.ForeignCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The chain with bare foreign calls and descriptor numbers.
final class ForeignChain extends ChainTask {

    private final int epfd = ForeignCalls.epollCreate();
    private final long address = MemorySegment.ofBuffer(one).address();
    private int[] readers = {};
    private int[] writers = {};

    ForeignChain(String[] args) throws IOException {
        super(args[0]);
    }

    @Override
    void openPipes(int count) throws IOException {
        readers = new int[count];
        writers = new int[count];
        int[] ends = new int[2];
        for (int i = 0; i < count; i++) {
            ForeignCalls.pipe(ends);
            readers[i] = ends[0];
            writers[i] = ends[1];
            ForeignCalls.add(epfd, readers[i], ForeignCalls.IN, i);
        }
    }

    @Override
    void closePipes() throws IOException {
        for (int i = 0; i < readers.length; i++) {
            ForeignCalls.close(readers[i]);
            ForeignCalls.close(writers[i]);
        }
    }

    @Override
    void registerAgain() throws IOException {
        for (int i = 0; i < pipes; i++) {
            ForeignCalls.delete(epfd, readers[i]);
            ForeignCalls.add(epfd, readers[i], ForeignCalls.IN, i);
        }
    }

    @Override
    void write(int index) throws IOException {
        written += ForeignCalls.write(writers[index], address, 1);
    }

    @Override
    void read(int index) throws IOException {
        read += ForeignCalls.read(readers[index], address, 1);
    }

    @Override
    void select() throws IOException {
        int events = ForeignCalls.await(epfd);
        for (int i = 0; i < events; i++) {
            passOn(ForeignCalls.data(i));
        }
    }

    @Override
    public void close() throws IOException {
        closePipes();
        ForeignCalls.close(epfd);
    }
}
