package io.selectors4j.benchmarks.startup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// A program that selects one ready pipe with NIO.
final class NioStart {

    private NioStart() {}

    public static void main(String[] args) throws IOException {
        Pipe pipe = Pipe.open();
        try (Selector selector = Selector.open();
                Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            source.configureBlocking(false);
            source.register(selector, SelectionKey.OP_READ, "pipe");
            sink.write(ByteBuffer.wrap(new byte[1]));
            if (selector.select() != 1) {
                throw new IllegalStateException("the pipe is not ready");
            }
        }
    }
}
