package io.selectors4j.stress.misuse;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.Kevent;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Kqueues;
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

/// Everything in the library that can be closed, ready to be used: no method of it waits for long.
enum FdKind {
    FD {
        @Override
        Specimen open() throws IOException {
            SocketFd.Pair pair = pair(SocketFd.Type.STREAM);
            return new Specimen(Fd.fromFd(Libc.dup(pair.first().fileno())), pair);
        }
    },
    SOCKET {
        @Override
        Specimen open() throws IOException {
            try (SocketFd server = server()) {
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = Objects.requireNonNull(server.accept());
                accepted.setBlocking(false);
                client.write(ByteBuffer.allocate(100));
                return new Specimen(accepted, client);
            }
        }
    },
    LISTENER {
        @Override
        Specimen open() throws IOException {
            SocketFd server = server();
            server.setBlocking(false);
            return new Specimen(server, SocketFd.createConnection(server.localAddress()));
        }
    },
    DATAGRAMS {
        @Override
        Specimen open() throws IOException {
            SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
            socket.setBlocking(false);
            return new Specimen(socket);
        }
    },
    READER {
        @Override
        Specimen open() throws IOException {
            PipeFd.Pipe pipe = pipe();
            return new Specimen(pipe.reader(), pipe.writer());
        }
    },
    WRITER {
        @Override
        Specimen open() throws IOException {
            PipeFd.Pipe pipe = pipe();
            return new Specimen(pipe.writer(), pipe.reader());
        }
    },
    FILE {
        @Override
        Specimen open() throws IOException {
            return new Specimen(FileFd.memfd("file"));
        }
    },
    MASTER {
        @Override
        Specimen open() throws IOException {
            PtyFd.Pair pty = terminal();
            return new Specimen(pty.master(), pty.terminal());
        }
    },
    TERMINAL {
        @Override
        Specimen open() throws IOException {
            PtyFd.Pair pty = terminal();
            return new Specimen(pty.terminal(), pty.master());
        }
    },
    EVENT {
        @Override
        Specimen open() throws IOException {
            EventFd event = EventFd.open(1);
            event.setBlocking(false);
            return new Specimen(event);
        }
    },
    TIMER {
        @Override
        Specimen open() throws IOException {
            TimerFd timer = TimerFd.open(TimerFd.Clock.REALTIME);
            timer.setBlocking(false);
            return new Specimen(timer);
        }
    },
    SIGNAL {
        @Override
        Specimen open() throws IOException {
            SignalFd signal = SignalFd.open("SIGWINCH");
            signal.setBlocking(false);
            return new Specimen(signal);
        }
    },
    PROCESS {
        @Override
        Specimen open() throws IOException {
            Process process = process();
            return new Specimen(PidFd.of(process), process::destroyForcibly);
        }
    },
    PROCESS_NUMBER {
        @Override
        Specimen open() throws IOException {
            Process process = process();
            return new Specimen(PidFd.open(process.pid()), process::destroyForcibly);
        }
    },
    INOTIFY {
        @Override
        Specimen open() throws IOException {
            InotifyFd inotify = InotifyFd.open();
            inotify.setBlocking(false);
            return new Specimen(inotify);
        }
    },
    INOTIFY_TREE {
        @Override
        Specimen open() throws IOException {
            Path directory = Files.createTempDirectory("tree");
            InotifyTree tree = InotifyTree.open(directory, InotifyFd.IN_CREATE);
            tree.setBlocking(false);
            return new Specimen(tree, () -> Files.deleteIfExists(directory));
        }
    },
    RAW_MODE {
        @Override
        Specimen open() throws IOException {
            PtyFd.Pair pty = terminal();
            return new Specimen(Terminal.rawMode(pty.terminal()), pty);
        }
    },
    PIPE {
        @Override
        Specimen open() throws IOException {
            return new Specimen(pipe());
        }
    },
    TERMINALS {
        @Override
        Specimen open() throws IOException {
            return new Specimen(terminal());
        }
    },
    SOCKETS {
        @Override
        Specimen open() throws IOException {
            return new Specimen(pair(SocketFd.Type.SEQPACKET));
        }
    },
    EPOLL {
        @Override
        Specimen open() throws IOException {
            Epoll epoll = Epoll.create();
            EventFd event = EventFd.open(1);
            epoll.register(event);
            return new Specimen(epoll, event);
        }
    },
    KQUEUE {
        @Override
        Specimen open() throws IOException {
            EventFd event = EventFd.open(1);
            Kqueue kqueue = Kqueues.fromFd(Kernel.LIBC, Kernel.LIBC.kqueue(ErrnoCapture.current()));
            kqueue.control(List.of(Kernel.readable(event)), 0);
            return new Specimen(kqueue, event);
        }
    },
    SELECT_SELECTOR {
        @Override
        Specimen open() throws IOException {
            return withEvent(Backend.SELECT.open());
        }
    },
    POLL_SELECTOR {
        @Override
        Specimen open() throws IOException {
            return withEvent(Backend.POLL.open());
        }
    },
    EPOLL_SELECTOR {
        @Override
        Specimen open() throws IOException {
            return withEvent(Backend.EPOLL.open());
        }
    },
    KQUEUE_SELECTOR {
        @Override
        Specimen open() throws IOException {
            return withEvent(KqueueSelectors.open(Kernel.LIBC));
        }
    };

    /// Something that can be closed, and what it was made with.
    ///
    /// @param object what is to be closed
    /// @param others what is to be closed afterwards
    record Specimen(Closeable object, List<Closeable> others) implements Closeable {

        Specimen(Closeable object, Closeable... others) {
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

    /// A kernel with kqueue.
    static final class Kernel {
        static final SimulatedKqueue FAKE = new SimulatedKqueue(KqueueSystem.MACOS);
        static final KqueueLibc LIBC = new KqueueLibc(KqueueSystem.MACOS, FAKE.lookup());

        private Kernel() {}

        /// A change that has an object waited for. The constants of [Kqueue] are those of another system.
        static Kevent readable(Pollable fileobj) {
            KqueueSystem system = KqueueSystem.MACOS;
            return new Kevent(fileobj, system.number("EVFILT_READ"), system.number("EV_ADD"));
        }
    }

    /// Opens one.
    abstract Specimen open() throws IOException;

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

    private static Specimen withEvent(Selector<String> selector) throws IOException {
        EventFd event = EventFd.open(1);
        selector.register(event, Interest.READ, "data");
        return new Specimen(selector, event);
    }
}
