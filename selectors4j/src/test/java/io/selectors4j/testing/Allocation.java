package io.selectors4j.testing;

import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.ControlMessage;
import io.selectors4j.fd.DatagramBatch;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.Transfer;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.EpollEvents;
import io.selectors4j.os.Kevents;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Kqueues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A program that repeats an operation in steady state and prints the minimum number of heap bytes that a round
/// allocated. It runs in a virtual machine of its own, since the callers of a method influence how it is compiled.
public final class Allocation {

    private static final int ROUNDS = 30;
    private static final Duration MICRO = Duration.ofNanos(1000);

    /// Kinds of buffers to read into and write from.
    public enum Buffers {
        /// Direct buffers.
        DIRECT,
        /// Segments of an arena.
        ARENA,
        /// Heap buffers.
        HEAP,
        /// Heap buffers that are larger than the memory that a thread starts with.
        LARGE_HEAP;

        private ByteBuffer allocate() {
            return switch (this) {
                case DIRECT -> ByteBuffer.allocateDirect(64);
                case ARENA -> Arena.ofShared().allocate(64).asByteBuffer();
                case HEAP -> ByteBuffer.allocate(64);
                case LARGE_HEAP -> ByteBuffer.allocate(40_000);
            };
        }
    }

    private Allocation() {}

    private interface Operation {
        void run() throws IOException;
    }

    /// Runs the program. With `-Xbatch`, compilation does not depend on the load of the machine. Otherwise one run in a
    /// hundred on a busy machine compiles with too few profiles and keeps allocations that others eliminate.
    ///
    /// @return its output
    public static String run(String... args) throws IOException, InterruptedException {
        return ChildJvm.run(List.of("-XX:TieredStopAtLevel=4", "-Xbatch"), Allocation.class, args)
                .output();
    }

    /// Measures.
    ///
    /// @param args `epoll`, `kqueue`, `datagrams`, `batches`, `transfers`, `positions`, `vectors` or `messages` and
    ///     kinds of buffers, or the name of a backend
    public static void main(String[] args) throws Exception {
        if (args[0].equals("epoll")) {
            try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                    Epoll epoll = Epoll.create()) {
                epoll.register(pair.reader(), Epoll.EPOLLOUT);
                EpollEvents events = new EpollEvents(16);
                measure("ready", 20_000, () -> epoll.poll(MICRO, events));
            }
            return;
        }
        if (args[0].equals("kqueue")) {
            kqueue();
            return;
        }
        if (args[0].equals("transfers")) {
            for (String kind : List.of(args).subList(1, args.length)) {
                transfers(Buffers.valueOf(kind));
            }
            return;
        }
        if (args[0].equals("positions")) {
            for (String kind : List.of(args).subList(1, args.length)) {
                positions(Buffers.valueOf(kind));
            }
            return;
        }
        if (args[0].equals("datagrams")) {
            datagrams();
            return;
        }
        if (args[0].equals("messages")) {
            for (String kind : List.of(args).subList(1, args.length)) {
                messages(Buffers.valueOf(kind));
            }
            return;
        }
        if (args[0].equals("batches")) {
            batches();
            return;
        }
        if (args[0].equals("vectors")) {
            for (String kind : List.of(args).subList(1, args.length)) {
                vectors(Buffers.valueOf(kind));
            }
            return;
        }
        Counter counter = new Counter();
        try (Selector<Integer> selector = BackendUnderTest.valueOf(args[0]).open()) {
            selector.register(ConnectedPair.Kind.PIPE.open().reader(), Interest.READ, 0);
            measure("waiting", 2_000, () -> selector.select(MICRO, counter));
            echoed(selector);
            for (int i = 0; i < 32; i++) {
                ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                if (i % 2 == 0) {
                    pair.write(1);
                }
                selector.register(pair.reader(), i % 3 == 0 ? Interest.READ_WRITE : Interest.READ, i);
            }
            for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(1))) {
                measure("ready", 10_000, () -> selector.select(timeout, counter));
            }
        }
        System.out.println(counter.count > 0 ? "events were dispatched" : "no event was dispatched");
    }

    /// Waits without timeout for another thread that echoes each byte, as a server waits.
    private static void echoed(Selector<Integer> selector) throws IOException, InterruptedException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            SocketFd local = pair.first();
            Thread other = Thread.ofPlatform().daemon().start(() -> echo(pair.second()));
            selector.register(local, Interest.READ, 0);
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            ReadyHandler<Integer, IOException> handler = (_, _) -> local.read(one.clear());
            measure("echoed", 2_000, () -> {
                local.write(one.clear());
                selector.select(null, handler);
            });
            local.close();
            other.join();
        }
    }

    private static void echo(SocketFd remote) {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        try {
            while (remote.read(one.clear()) > 0) {
                remote.write(one.clear());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Calls `sched_yield`, which returns 0 for any arguments, in place of `kevent`. An upcall into Java would allocate
    /// itself.
    private static void kqueue() throws IOException {
        MemorySegment function = Downcalls.LIBC.findOrThrow("sched_yield");
        KqueueLibc libc = new KqueueLibc(KqueueSystem.FREEBSD, name -> Optional.of(function));
        try (PipeFd.Pipe pipe = PipeFd.open();
                Kqueue kqueue = Kqueues.fromFd(libc, Libc.dup(pipe.reader().fileno()))) {
            Kevents changes = Kqueues.memory(libc, 16);
            Kevents events = Kqueues.memory(libc, 16);
            measure("changed", 20_000, () -> {
                changes.clear();
                changes.add(1, 2, 3, 4, 5, 6);
                changes.set(0, 6, 5, 4, 3, 2, changes.udata(0));
                kqueue.control(changes, events, MICRO);
            });
        }
    }

    /// Transfers whole buffers and parts of them through a pipe and a socket.
    private static void transfers(Buffers kind) throws IOException {
        List<ByteBuffer> buffers = List.of(kind.allocate(), kind.allocate());
        try (PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair sockets = SocketFd.pair(SocketFd.Type.STREAM)) {
            measure("moved", 5_000, () -> {
                transfer(buffers, pipe.writer(), pipe.reader());
                transfer(buffers, sockets.first(), sockets.second());
            });
        }
    }

    private static void transfer(List<ByteBuffer> buffers, Fd from, Fd to) throws IOException {
        ByteBuffer source = buffers.getFirst();
        ByteBuffer target = buffers.getLast();
        for (int start = 0; start < 2; start++) {
            from.write(source.clear().position(start));
            to.read(target.clear().position(start));
        }
    }

    /// Writes and reads at positions of a file, and moves bytes in the kernel.
    private static void positions(Buffers kind) throws IOException {
        ByteBuffer source = kind.allocate();
        ByteBuffer target = kind.allocate();
        try (FileFd file = FileFd.memfd("positions");
                PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair sockets = SocketFd.pair(SocketFd.Type.STREAM)) {
            measure("moved", 5_000, () -> {
                for (int start = 0; start < 2; start++) {
                    file.write(source.clear().position(start), start);
                    file.read(target.clear().position(start), start);
                }
                sockets.first().sendFile(file, 0, 1);
                Transfer.splice(
                        sockets.second(), Transfer.CURRENT_POSITION, pipe.writer(), Transfer.CURRENT_POSITION, 1, 0);
                Transfer.splice(pipe.reader(), Transfer.CURRENT_POSITION, file, 1, 1, 0);
                Transfer.copyFileRange(file, 0, file, 10, 1);
            });
        }
    }

    /// Sends datagrams with addresses.
    private static void datagrams() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (SocketFd first = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd second = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            first.bind(any);
            second.bind(any);
            SocketAddress target = second.localAddress();
            measure("moved", 5_000, () -> {
                first.sendTo(buffer.clear(), target, 0);
                second.receiveFrom(buffer.clear(), 0);
            });
        }
    }

    /// Transfers several buffers at once through a pipe, and through sockets as bytes and as messages.
    private static void vectors(Buffers kind) throws IOException {
        ByteBuffer[] sources = {ByteBuffer.allocate(16), kind.allocate(), ByteBuffer.allocateDirect(16)};
        ByteBuffer[] targets = {ByteBuffer.allocateDirect(16), kind.allocate(), ByteBuffer.allocate(16)};
        try (PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair bytes = SocketFd.pair(SocketFd.Type.STREAM);
                SocketFd.Pair messages = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            measure("moved", 5_000, () -> {
                transfer(sources, pipe.writer(), targets, pipe.reader());
                transfer(sources, bytes.first(), targets, bytes.second());
                transfer(sources, messages.first(), targets, messages.second());
            });
        }
    }

    /// Transfers messages with control data.
    private static void messages(Buffers kind) throws IOException {
        ByteBuffer[] sources = {ByteBuffer.allocate(16), kind.allocate(), ByteBuffer.allocateDirect(16)};
        ByteBuffer[] targets = {ByteBuffer.allocateDirect(16), kind.allocate(), ByteBuffer.allocate(16)};
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        List<ControlMessage> control = List.of(new ControlMessage.TimeToLive(7));
        ReceivedMessage message = new ReceivedMessage();
        try (SocketFd first = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd second = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            second.bind(any);
            second.setOption(0, 12, 1); // IPPROTO_IP, IP_RECVTTL
            first.connect(second.localAddress());
            measure("moved", 5_000, () -> {
                for (int i = 0; i < sources.length; i++) {
                    sources[i].clear();
                    targets[i].clear();
                }
                first.sendMessage(sources, null, control, 0);
                second.receiveMessage(targets, message, 0);
            });
        }
    }

    private static void batches() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        DatagramBatch batch = DatagramBatch.allocate(8, 64);
        try (SocketFd first = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd second = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            first.bind(any);
            second.bind(any);
            for (int i = 0; i < batch.capacity(); i++) {
                batch.setAddress(i, second.localAddress(), first);
                batch.buffer(i).clear();
            }
            batch.send(first, 0, batch.capacity(), 0);
            measure("moved", 5_000, () -> {
                batch.send(second, 0, batch.receive(second, 0), 0);
                batch.send(first, 0, batch.receive(first, 0), 0);
            });
        }
    }

    private static void transfer(
            ByteBuffer[] sources, GatheringByteChannel from, ByteBuffer[] targets, ScatteringByteChannel to)
            throws IOException {
        for (int start = 0; start < 2; start++) {
            for (int i = 0; i < sources.length; i++) {
                sources[i].clear().position(start);
                targets[i].clear().position(start);
            }
            from.write(sources);
            to.read(targets);
        }
    }

    private static void measure(String name, int count, Operation operation) throws IOException {
        long minimum = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && minimum > 0; round++) {
            long before = Jvm.allocatedBytes();
            for (int i = 0; i < count; i++) {
                operation.run();
            }
            minimum = Math.min(minimum, Jvm.allocatedBytes() - before);
        }
        System.out.println(name + ": " + minimum + " bytes in " + count + " waits");
    }

    private static final class Counter implements ReadyHandler<Integer, RuntimeException> {

        long count;

        @Override
        public void ready(SelectorKey<Integer> key, Readiness readiness) {
            count++;
        }
    }
}
