package io.selectors4j.benchmarks.micro;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// One select with one of N registered pipes ready, like OpenJDK's benchmark of that name.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SelectOne {

    /// Pipes registered with a [Selector].
    @State(Scope.Thread)
    public static class Ours {

        /// The number of pipes.
        @Param({"1", "100", "1000"})
        public int pipes;

        private final List<PipeFd.Pipe> open = new ArrayList<>();
        private final ReadyHandler<Integer, IOException> handler = (key, _) -> last = key.data();
        private @Nullable Selector<Integer> selector;
        private int last;

        /// Opens all pipes, and writes to one.
        @Setup
        public void open() throws IOException {
            selector = Backend.EPOLL.open();
            for (int i = 0; i < pipes; i++) {
                PipeFd.Pipe pipe = PipeFd.open();
                open.add(pipe);
                selector.register(pipe.reader(), Interest.READ, i);
            }
            open.getFirst().writer().write(ByteBuffer.allocate(1));
        }

        /// Closes all pipes.
        @TearDown
        public void close() throws IOException {
            for (PipeFd.Pipe pipe : open) {
                pipe.close();
            }
            if (selector != null) {
                selector.close();
            }
        }
    }

    /// Pipes registered with NIO.
    @State(Scope.Thread)
    public static class Nio {

        /// The number of pipes.
        @Param({"1", "100", "1000"})
        public int pipes;

        private final List<Pipe> open = new ArrayList<>();
        private java.nio.channels.@Nullable Selector selector;

        /// Opens all pipes, and writes to one.
        @Setup
        public void open() throws IOException {
            selector = java.nio.channels.Selector.open();
            for (int i = 0; i < pipes; i++) {
                Pipe pipe = Pipe.open();
                open.add(pipe);
                pipe.source().configureBlocking(false);
                pipe.source().register(selector, SelectionKey.OP_READ, i);
            }
            open.getFirst().sink().write(ByteBuffer.allocate(1));
        }

        /// Closes all pipes.
        @TearDown
        public void close() throws IOException {
            for (Pipe pipe : open) {
                pipe.source().close();
                pipe.sink().close();
            }
            if (selector != null) {
                selector.close();
            }
        }
    }

    /// Selects with a handler.
    @Benchmark
    @SuppressWarnings("NullAway") // JMH calls the setup method first
    public int ours(Ours state) throws IOException {
        return state.selector.select(state.handler);
    }

    /// Selects, and clears the set of selected keys.
    @Benchmark
    @SuppressWarnings("NullAway") // JMH calls the setup method first
    public int nio(Nio state) throws IOException {
        int found = state.selector.select();
        state.selector.selectedKeys().clear();
        return found;
    }
}
