package io.selectors4j.stress.misuse;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.IoUringSelectors;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.fd.ControlMessage;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.StdinFds;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.Kevent;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Kqueues;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.SimulatedKqueue;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.watch.InotifyFd;
import io.selectors4j.watch.InotifyTree;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Every kind of closeable object of the library, ready to be used without long waits.
enum FdKind {
    FD {
        @Override
        OpenObject open() throws IOException {
            SocketFd.Pair pair = pair(SocketFd.Type.STREAM);
            return new OpenObject(Fd.fromFd(Libc.dup(pair.first().fileno())), pair);
        }
    },
    SOCKET {
        @Override
        OpenObject open() throws IOException {
            try (SocketFd server = server()) {
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = Objects.requireNonNull(server.accept());
                accepted.setBlocking(false);
                client.write(ByteBuffer.allocate(100));
                return new OpenObject(accepted, client);
            }
        }
    },
    LISTENER {
        @Override
        OpenObject open() throws IOException {
            SocketFd server = server();
            server.setBlocking(false);
            return new OpenObject(server, SocketFd.createConnection(server.localAddress()));
        }
    },
    RECEIVED_MESSAGE {
        @Override
        OpenObject open() throws IOException {
            try (SocketFd.Pair pair = pair(SocketFd.Type.STREAM)) {
                List<ControlMessage> control = List.of(new ControlMessage.Descriptors(List.of(pair.first())));
                pair.first().sendMessage(new ByteBuffer[] {ByteBuffer.allocate(1)}, null, control, 0);
                ReceivedMessage message = new ReceivedMessage();
                pair.second().receiveMessage(new ByteBuffer[] {ByteBuffer.allocate(1)}, message, 0);
                return new OpenObject(message);
            }
        }
    },
    DATAGRAMS {
        @Override
        OpenObject open() throws IOException {
            SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
            socket.setBlocking(false);
            return new OpenObject(socket);
        }
    },
    READER {
        @Override
        OpenObject open() throws IOException {
            PipeFd.Pipe pipe = pipe();
            return new OpenObject(pipe.reader(), pipe.writer());
        }
    },
    WRITER {
        @Override
        OpenObject open() throws IOException {
            PipeFd.Pipe pipe = pipe();
            return new OpenObject(pipe.writer(), pipe.reader());
        }
    },
    FILE {
        @Override
        OpenObject open() throws IOException {
            return new OpenObject(FileFd.memfd("file"));
        }
    },
    MASTER {
        @Override
        OpenObject open() throws IOException {
            PtyFd.Pair pty = terminal();
            return new OpenObject(pty.master(), pty.terminal());
        }
    },
    TERMINAL {
        @Override
        OpenObject open() throws IOException {
            PtyFd.Pair pty = terminal();
            return new OpenObject(pty.terminal(), pty.master());
        }
    },
    STDIN {
        @Override
        OpenObject open() throws IOException {
            FileFd file = FileFd.memfd("stdin");
            return new OpenObject(StdinFds.open(file), file);
        }
    },
    EVENT {
        @Override
        OpenObject open() throws IOException {
            EventFd event = EventFd.open(1);
            event.setBlocking(false);
            return new OpenObject(event);
        }
    },
    TIMER {
        @Override
        OpenObject open() throws IOException {
            TimerFd timer = TimerFd.open(TimerFd.Clock.REALTIME);
            timer.setBlocking(false);
            return new OpenObject(timer);
        }
    },
    SIGNAL {
        @Override
        OpenObject open() throws IOException {
            SignalFd signal = SignalFd.open("SIGWINCH");
            signal.setBlocking(false);
            return new OpenObject(signal);
        }
    },
    PROCESS {
        @Override
        OpenObject open() throws IOException {
            Process process = process();
            return new OpenObject(PidFd.of(process), process::destroyForcibly);
        }
    },
    PROCESS_NUMBER {
        @Override
        OpenObject open() throws IOException {
            Process process = process();
            return new OpenObject(PidFd.open(process.pid()), process::destroyForcibly);
        }
    },
    CHILD {
        @Override
        OpenObject open() throws IOException {
            return new OpenObject(ChildProcess.builder("cat").start());
        }
    },
    INOTIFY {
        @Override
        OpenObject open() throws IOException {
            InotifyFd inotify = InotifyFd.open();
            inotify.setBlocking(false);
            return new OpenObject(inotify);
        }
    },
    INOTIFY_TREE {
        @Override
        OpenObject open() throws IOException {
            Path directory = Files.createTempDirectory("tree");
            InotifyTree tree = InotifyTree.open(directory, InotifyFd.IN_CREATE);
            tree.setBlocking(false);
            return new OpenObject(tree, () -> Files.deleteIfExists(directory));
        }
    },
    RAW_MODE {
        @Override
        OpenObject open() throws IOException {
            PtyFd.Pair pty = terminal();
            return new OpenObject(Terminal.rawMode(pty.terminal()), pty);
        }
    },
    PIPE {
        @Override
        OpenObject open() throws IOException {
            return new OpenObject(pipe());
        }
    },
    TERMINALS {
        @Override
        OpenObject open() throws IOException {
            return new OpenObject(terminal());
        }
    },
    SOCKETS {
        @Override
        OpenObject open() throws IOException {
            return new OpenObject(pair(SocketFd.Type.SEQPACKET));
        }
    },
    EPOLL {
        @Override
        OpenObject open() throws IOException {
            Epoll epoll = Epoll.create();
            EventFd event = EventFd.open(1);
            epoll.register(event);
            return new OpenObject(epoll, event);
        }
    },
    IO_URING {
        @Override
        OpenObject open() throws IOException {
            IoUring ring = IoUring.create(4);
            ring.nop(0, 1);
            return new OpenObject(ring);
        }
    },
    KQUEUE {
        @Override
        OpenObject open() throws IOException {
            EventFd event = EventFd.open(1);
            Kqueue kqueue = Kqueues.fromFd(Kernel.LIBC, Kernel.LIBC.kqueue(ErrnoCapture.current()));
            kqueue.control(List.of(Kernel.readable(event)), 0);
            return new OpenObject(kqueue, event);
        }
    },
    SELECT_SELECTOR {
        @Override
        OpenObject open() throws IOException {
            return withEvent(Backend.SELECT.open());
        }
    },
    POLL_SELECTOR {
        @Override
        OpenObject open() throws IOException {
            return withEvent(Backend.POLL.open());
        }
    },
    EPOLL_SELECTOR {
        @Override
        OpenObject open() throws IOException {
            return withEvent(Backend.EPOLL.open());
        }
    },
    IO_URING_SELECTOR {
        @Override
        OpenObject open() throws IOException {
            IoUringSelector<String> selector = IoUringSelector.open();
            IoUringSelectors.startRing(selector);
            return withEvent(selector);
        }
    },
    KQUEUE_SELECTOR {
        @Override
        OpenObject open() throws IOException {
            return withEvent(KqueueSelectors.open(Kernel.LIBC));
        }
    },
    AFD_SELECTOR {
        @Override
        OpenObject open() throws IOException {
            return withEvent(BackendUnderTest.AFD_SIMULATED.open());
        }
    };

    /// An open object, and the objects that it was created with.
    ///
    /// @param object the object to be closed by a test
    /// @param others the objects to be closed afterwards
    record OpenObject(Closeable object, List<Closeable> others) implements Closeable {

        OpenObject(Closeable object, Closeable... others) {
            this(object, List.of(others));
        }

        @Override
        public void close() throws IOException {
            object.close();
            for (Closeable other : others) {
                other.close();
            }
        }
    }

    /// A simulated kernel with kqueue.
    static final class Kernel {
        static final SimulatedKqueue FAKE = new SimulatedKqueue(KqueueSystem.MACOS);
        static final KqueueLibc LIBC = new KqueueLibc(KqueueSystem.MACOS, FAKE.lookup());

        private Kernel() {}

        /// Returns a change that waits for an object. The constants of [Kqueue] belong to another system.
        static Kevent readable(Pollable fileobj) {
            KqueueSystem system = KqueueSystem.MACOS;
            return new Kevent(fileobj, system.number("EVFILT_READ"), system.number("EV_ADD"));
        }
    }

    /// Opens an object of this kind.
    abstract OpenObject open() throws IOException;

    private static SocketFd server() throws IOException {
        return SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    }

    private static SocketFd.Pair pair(SocketFd.Type type) throws IOException {
        SocketFd.Pair pair = SocketFd.pair(type);
        pair.first().setBlocking(false);
        pair.second().setBlocking(false);
        pair.second().write(ByteBuffer.allocate(100));
        return pair;
    }

    private static PipeFd.Pipe pipe() throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        pipe.reader().setBlocking(false);
        pipe.writer().setBlocking(false);
        return pipe;
    }

    private static PtyFd.Pair terminal() throws IOException {
        PtyFd.Pair pty = PtyFd.open();
        pty.master().setBlocking(false);
        pty.terminal().setBlocking(false);
        return pty;
    }

    static Process process() throws IOException {
        return new ProcessBuilder("sleep", "1000")
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static OpenObject withEvent(Selector<String> selector) throws IOException {
        EventFd event = EventFd.open(1);
        selector.register(event, Interest.READ, "data");
        return new OpenObject(selector, event);
    }
}
