package io.selectors4j.testing;

import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A program: waits over and over in steady state, and prints how many bytes of heap a round of waits has taken at the least.
/// It has a virtual machine of its own: what the compiler makes of a method depends on who else has called it before.
public final class Allocation {

    private static final int ROUNDS = 30;
    private static final Duration MICRO = Duration.ofNanos(1000);

    /// What to read into and write from, by kind.
    public enum Buffers {
        /// Direct ones.
        DIRECT,
        /// Parts of an arena.
        ARENA,
        /// Of the heap.
        HEAP,
        /// Of the heap, and larger than the memory that a thread starts with.
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

    private interface Wait {
        void once() throws IOException;
    }

    /// Runs it. Compiled code comes when it is due, and not when the compiler had the time: on a busy machine, it would know less of the
    /// methods by then, and one run in a hundred would keep objects that another one does without.
    ///
    /// @return what it printed
    public static String run(String... what) throws IOException, InterruptedException {
        return ChildJvm.run(List.of("-XX:TieredStopAtLevel=4", "-Xbatch"), Allocation.class, what)
                .output();
    }

    /// Waits.
    ///
    /// @param args what with: `epoll`, `kqueue`, `transfers` and kinds of buffers, or the name of a backend
    public static void main(String[] args) throws Exception {
        if (args[0].equals("epoll")) {
            try (ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open();
                    Epoll epoll = Epoll.create()) {
                epoll.register(link.reader(), Epoll.EPOLLOUT);
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
        Counter counter = new Counter();
        try (Selector<Integer> selector = BackendUnderTest.valueOf(args[0]).open()) {
            selector.register(ConnectedPair.Kind.PIPE.open().reader(), Interest.READ, 0);
            measure("waiting", 2_000, () -> selector.select(MICRO, counter));
            answered(selector);
            for (int i = 0; i < 32; i++) {
                ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open();
                if (i % 2 == 0) {
                    link.write(1);
                }
                selector.register(link.reader(), i % 3 == 0 ? Interest.READ_WRITE : Interest.READ, i);
            }
            for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(1))) {
                measure("ready", 10_000, () -> selector.select(timeout, counter));
            }
        }
        System.out.println(counter.count > 0 ? "handed out" : "nothing was handed out");
    }

    /// As a server waits: for as long as it takes, until another thread has written something.
    private static void answered(Selector<Integer> selector) throws IOException, InterruptedException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            SocketFd here = pair.first();
            Thread other = Thread.ofPlatform().daemon().start(() -> answer(pair.second()));
            selector.register(here, Interest.READ, 0);
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            ReadyHandler<Integer, IOException> handler = (_, _) -> here.read(one.clear());
            measure("answered", 2_000, () -> {
                here.write(one.clear());
                selector.select(null, handler);
            });
            here.close();
            other.join();
        }
    }

    private static void answer(SocketFd there) {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        try {
            while (there.read(one.clear()) > 0) {
                there.write(one.clear());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// With `sched_yield` in the place of `kevent`, which returns 0 whatever it is given: what a Java function allocates that
    /// is called from C would count.
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

    /// Through a pipe and through a socket, with buffers of a kind and with a part of them.
    private static void transfers(Buffers kind) throws IOException {
        List<ByteBuffer> buffers = List.of(kind.allocate(), kind.allocate());
        try (PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair sockets = SocketFd.pair(SocketFd.Type.STREAM)) {
            measure("moved", 5_000, () -> {
                move(buffers, pipe.writer(), pipe.reader());
                move(buffers, sockets.first(), sockets.second());
            });
        }
    }

    private static void move(List<ByteBuffer> buffers, Fd from, Fd to) throws IOException {
        ByteBuffer source = buffers.getFirst();
        ByteBuffer target = buffers.getLast();
        for (int start = 0; start < 2; start++) {
            from.write(source.clear().position(start));
            to.read(target.clear().position(start));
        }
    }

    private static void measure(String name, int waits, Wait wait) throws IOException {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = Jvm.allocatedBytes();
            for (int i = 0; i < waits; i++) {
                wait.once();
            }
            least = Math.min(least, Jvm.allocatedBytes() - before);
        }
        System.out.println(name + ": " + least + " bytes in " + waits + " waits");
    }

    private static final class Counter implements ReadyHandler<Integer, RuntimeException> {

        long count;

        @Override
        public void ready(SelectorKey<Integer> key, Readiness readiness) {
            count++;
        }
    }
}
