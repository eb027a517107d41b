package io.selectors4j.stress.fuzz;

import io.selectors4j.AfdSelector;
import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.KqueueSelector;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.PollSelector;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyKey;
import io.selectors4j.SelectSelector;
import io.selectors4j.Selector;
import io.selectors4j.SelectorCounters;
import io.selectors4j.SelectorDump;
import io.selectors4j.SelectorKey;
import io.selectors4j.Selectors;
import io.selectors4j.SelectorsMXBean;
import io.selectors4j.fd.DatagramBatch;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.JdkChannels;
import io.selectors4j.fd.PeerCredentials;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.StdinFd;
import io.selectors4j.fd.StdinFds;
import io.selectors4j.fd.Systemd;
import io.selectors4j.fd.TcpInfo;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.EpollEvent;
import io.selectors4j.os.EpollEvents;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringBuffers;
import io.selectors4j.os.IoUringCompletions;
import io.selectors4j.os.IoUringMessage;
import io.selectors4j.os.Kevent;
import io.selectors4j.os.Kevents;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Kqueues;
import io.selectors4j.os.Poll;
import io.selectors4j.os.PollEvent;
import io.selectors4j.os.Select;
import io.selectors4j.os.SignalMask;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.process.ChildProcessBuilder;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Libc;
import io.selectors4j.tty.Key;
import io.selectors4j.tty.KeyReader;
import io.selectors4j.tty.LineReader;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.RawMode;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import io.selectors4j.tty.WindowSize;
import io.selectors4j.watch.InotifyEvent;
import io.selectors4j.watch.InotifyFd;
import io.selectors4j.watch.InotifyTree;
import io.selectors4j.watch.TreeEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.JMX;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/// Creates objects of the library's classes.
final class ObjectFactory {

    /// Creates an object, and adds its parts to the pool.
    @FunctionalInterface
    interface Factory {
        Object make(ObjectPool pool) throws IOException;
    }

    /// A class, and how to make an object of it.
    record Entry(Class<?> type, Factory maker) {

        /// Returns whether this system has objects of the class.
        boolean isAvailable() {
            return !Platform.IS_WINDOWS || !MISSING_ON_WINDOWS.contains(type);
        }
    }

    private static final Set<Class<?>> MISSING_ON_WINDOWS = Set.of(
            PipeFd.class,
            PipeFd.Pipe.class,
            EventFd.class,
            TimerFd.class,
            FileFd.class,
            StdinFd.class,
            PtyFd.class,
            PtyFd.Pair.class,
            SignalFd.class,
            PidFd.class,
            TcpInfo.class,
            InotifyFd.class,
            InotifyTree.class,
            EpollSelector.class,
            IoUringSelector.class,
            KqueueSelector.class,
            Epoll.class,
            EpollEvents.class,
            IoUring.class,
            IoUringBuffers.class,
            IoUringMessage.class,
            DatagramBatch.class,
            ChildProcess.class,
            Kqueue.class,
            Kevents.class,
            Kevent.class,
            SignalMask.class,
            RawMode.class,
            Termios.class);

    private static final List<BackendUnderTest> BACKENDS = Backends.available().stream()
            .filter(backend -> !backend.isLibkqueue() && !backend.isExtra() && !backend.isBatched())
            .toList();

    private static final List<Entry> MOST_ENTRIES = List.of(
            new Entry(PipeFd.class, pool -> pipe(pool).reader()),
            new Entry(PipeFd.class, pool -> pipe(pool).writer()),
            new Entry(PipeFd.Pipe.class, ObjectFactory::pipe),
            new Entry(SocketFd.class, pool -> socketPair(pool).first()),
            new Entry(SocketFd.class, ObjectFactory::socket),
            new Entry(SocketFd.Pair.class, ObjectFactory::socketPair),
            new Entry(EventFd.class, pool -> EventFd.open(pool.input().small())),
            new Entry(TimerFd.class, ObjectFactory::timer),
            new Entry(FileFd.class, pool -> FileFd.memfd("fuzz")),
            new Entry(FileFd.class, pool -> FileFd.open(pool.fixture().directory.resolve("file"), FileFd.O_RDWR)),
            new Entry(StdinFd.class, pool -> StdinFds.open(pool.add(FileFd.memfd("stdin")))),
            new Entry(PtyFd.class, pool -> terminal(pool).master()),
            new Entry(PtyFd.class, pool -> terminal(pool).terminal()),
            new Entry(PtyFd.Pair.class, ObjectFactory::terminal),
            new Entry(SignalFd.class, pool -> SignalFd.open("SIGURG")),
            new Entry(PidFd.class, pool -> PidFd.of(pool.fixture().child())),
            new Entry(InotifyFd.class, ObjectFactory::inotify),
            new Entry(
                    InotifyTree.class,
                    pool -> InotifyTree.open(
                            pool.fixture().directory.resolve("a"), InotifyFd.IN_CREATE | InotifyFd.IN_OPEN)),
            new Entry(Fd.class, pool -> Fd.borrow(pool.openFd())),
            new Entry(Pollable.class, pool -> Pollable.borrow(pool.openFd())),
            new Entry(Pollable.class, ObjectFactory::changingFd),
            new Entry(Pollable.class, ObjectFactory::borrowed),
            new Entry(
                    Selector.class,
                    pool -> pool.input()
                            .choose(BACKENDS.toArray(BackendUnderTest[]::new))
                            .open()),
            new Entry(EpollSelector.class, pool -> EpollSelector.open()),
            new Entry(IoUringSelector.class, pool -> IoUringSelector.open()),
            new Entry(PollSelector.class, pool -> PollSelector.open()),
            new Entry(SelectSelector.class, pool -> SelectSelector.open()),
            new Entry(
                    AfdSelector.class,
                    pool -> Platform.IS_WINDOWS ? AfdSelector.open() : BackendUnderTest.AFD_SIMULATED.open()),
            new Entry(KqueueSelector.class, pool -> KqueueSelectors.open(pool.kernel())),
            new Entry(ReadyKey.class, ObjectFactory::readyKey),
            new Entry(SelectorDump.class, ObjectFactory::dump),
            new Entry(SelectorDump.Key.class, pool -> dump(pool).keys().getFirst()),
            new Entry(SelectorsMXBean.class, _ -> mxBean()),
            new Entry(SelectorCounters.class, pool -> dump(pool).counters()),
            new Entry(Readiness.class, pool -> readyKey(pool).readiness()),
            new Entry(
                    Interest.class,
                    pool -> pool.input().choose(Interest.NONE, Interest.READ, Interest.READ_WRITE.oneShot())),
            new Entry(
                    AlreadyRegisteredException.class,
                    pool -> new AlreadyRegisteredException(
                            Pollable.borrow(1), new SelectorKey<>(Pollable.borrow(1), 1, Interest.READ, ""))),
            new Entry(NotRegisteredException.class, pool -> new NotRegisteredException(Pollable.borrow(1))),
            new Entry(Epoll.class, pool -> Epoll.create()),
            new Entry(IoUring.class, ObjectFactory::ring),
            new Entry(IoUringBuffers.class, pool -> ring(pool).provideBuffers(2, 64)),
            new Entry(
                    IoUringCompletions.class,
                    pool -> new IoUringCompletions(1 + pool.input().small() % 8)),
            new Entry(
                    IoUringMessage.class,
                    pool -> new IoUringMessage(
                            ByteBuffer.allocateDirect(pool.input().small()))),
            new Entry(Poll.class, pool -> Poll.create()),
            new Entry(Kqueue.class, ObjectFactory::kqueue),
            new Entry(Kevents.class, ObjectFactory::kevents),
            new Entry(Kevent.class, ObjectFactory::kevent),
            new Entry(
                    EpollEvents.class, pool -> new EpollEvents(1 + pool.input().small() % 8)),
            new Entry(
                    EpollEvent.class,
                    pool -> new EpollEvent(pool.input().number(), pool.input().number())),
            new Entry(
                    PollEvent.class,
                    pool -> new PollEvent(pool.input().number(), pool.input().number())),
            new Entry(SignalMask.class, pool -> SignalMask.blocking("SIGURG")),
            new Entry(Select.Ready.class, pool -> new Select.Ready<>(List.of(), List.of(), List.of())),
            new Entry(RawMode.class, pool -> Terminal.rawMode(terminal(pool).terminal())),
            new Entry(Termios.class, pool -> Termios.of(terminal(pool).terminal())),
            new Entry(
                    WindowSize.class,
                    pool -> new WindowSize(pool.input().small(), pool.input().small())),
            new Entry(
                    Key.class,
                    pool -> new Key(
                            Key.Code.CHARACTER, "c", false, false, pool.input().flag())),
            new Entry(KeyReader.class, _ -> new KeyReader()),
            new Entry(
                    LineReader.class, pool -> new LineReader("> ", pool.input().small())),
            new Entry(RawSocketAddress.class, Addresses::raw),
            new Entry(
                    InotifyEvent.class, pool -> new InotifyEvent(1, pool.input().number(), 0, "name")),
            new Entry(
                    TreeEvent.class,
                    pool -> new TreeEvent(Path.of("name"), pool.input().number(), 0)),
            new Entry(
                    PeerCredentials.class,
                    pool -> new PeerCredentials(1, pool.input().number(), 0)),
            new Entry(
                    ChildProcess.class,
                    _ -> ChildProcess.builder("true")
                            .stdin(Redirect.DEVNULL)
                            .stdout(Redirect.DEVNULL)
                            .stderr(Redirect.DEVNULL)
                            .start()),
            new Entry(ChildProcessBuilder.class, _ -> ChildProcess.builder("true")),
            new Entry(
                    Redirect.class,
                    pool -> pool.input()
                            .choose(
                                    Redirect.PIPE,
                                    Redirect.DEVNULL,
                                    Redirect.STDOUT,
                                    Redirect.of(socketPair(pool).first()))),
            new Entry(
                    Systemd.PassedFd.class,
                    pool -> new Systemd.PassedFd("name", socketPair(pool).first())),
            new Entry(
                    ReceivedMessage.class,
                    pool -> new ReceivedMessage(pool.input().small())),
            new Entry(
                    DatagramBatch.class,
                    pool -> DatagramBatch.allocate(1 + pool.input().small() % 8, 100)),
            new Entry(TcpInfo.class, _ -> tcpInfo()),
            new Entry(TimerFd.Setting.class, pool -> new TimerFd.Setting(Duration.ZERO, Duration.ZERO)),
            new Entry(SelectorKey.class, pool -> new SelectorKey<>(Pollable.borrow(0), 0, Interest.READ, "")),
            new Entry(
                    NativeIOException.class,
                    pool -> new NativeIOException("call()", pool.input().number())));

    private static final List<Entry> ALL_ENTRIES = Stream.concat(
                    MOST_ENTRIES.stream(), ControlMessages.ENTRIES.stream())
            .toList();

    private static final List<Entry> ENTRIES =
            ALL_ENTRIES.stream().filter(Entry::isAvailable).toList();

    private ObjectFactory() {}

    /// Returns whether this system has objects of a class, as far as this factory knows.
    static boolean isAvailable(Class<?> type) {
        return ALL_ENTRIES.stream()
                .filter(entry -> type.isAssignableFrom(entry.type))
                .allMatch(Entry::isAvailable);
    }

    /// Creates an object of a class.
    ///
    /// @return null if no entry creates such an object
    static <T> @Nullable T make(Class<T> type, ObjectPool pool) throws IOException {
        List<Entry> fitting = ENTRIES.stream()
                .filter(entry -> type.isAssignableFrom(entry.type))
                .toList();
        if (fitting.isEmpty()) {
            return null;
        }
        Entry entry = fitting.get(pool.input().small() % fitting.size());
        return type.cast(pool.add(entry.maker.make(pool)));
    }

    private static PipeFd.Pipe pipe(ObjectPool pool) throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        pool.add(pipe.reader());
        pool.add(pipe.writer());
        return pool.add(pipe);
    }

    private static TcpInfo tcpInfo() throws IOException {
        try (SocketFd tcp = SocketFd.open(SocketFd.AF_INET, SocketFd.Type.STREAM, 0)) {
            return TcpInfo.of(tcp);
        }
    }

    static SocketFd.Pair socketPair(ObjectPool pool) throws IOException {
        SocketFd.Type type = pool.input().choose(SocketFd.Type.STREAM, SocketFd.Type.DATAGRAM, SocketFd.Type.SEQPACKET);
        SocketFd.Pair pair = SocketFd.pair(Platform.IS_WINDOWS ? SocketFd.Type.STREAM : type);
        pool.add(pair.first());
        pool.add(pair.second());
        return pool.add(pair);
    }

    private static SocketFd socket(ObjectPool pool) throws IOException {
        int domain = pool.input().choose(SocketFd.AF_INET, SocketFd.AF_INET6, SocketFd.AF_UNIX);
        boolean missing = Platform.IS_WINDOWS && domain == SocketFd.AF_UNIX; // Wine has no Unix sockets
        return SocketFd.open(
                missing ? SocketFd.AF_INET : domain,
                pool.input().choose(SocketFd.Type.STREAM, SocketFd.Type.DATAGRAM),
                0);
    }

    private static IoUring ring(ObjectPool pool) throws IOException {
        return pool.add(IoUring.create(1 + pool.input().small() % 8));
    }

    private static TimerFd timer(ObjectPool pool) throws IOException {
        return TimerFd.open(
                pool.input().choose(TimerFd.Clock.REALTIME, TimerFd.Clock.MONOTONIC, TimerFd.Clock.BOOTTIME));
    }

    private static PtyFd.Pair terminal(ObjectPool pool) throws IOException {
        PtyFd.Pair pair = PtyFd.open();
        pool.add(pair.master());
        pool.add(pair.terminal());
        return pool.add(pair);
    }

    private static InotifyFd inotify(ObjectPool pool) throws IOException {
        InotifyFd inotify = pool.add(InotifyFd.open());
        inotify.addWatch(pool.fixture().directory, InotifyFd.IN_CREATE | InotifyFd.IN_OPEN);
        return inotify;
    }

    private static ReadyKey<String> readyKey(ObjectPool pool) throws IOException {
        try (Selector<String> selector = Selector.open()) {
            selector.register(pool.add(FuzzFixture.openReady()), Interest.READ, "");
            return selector.select(Limits.WAIT).getFirst();
        }
    }

    private static SelectorsMXBean mxBean() {
        Selectors.registerMXBean();
        try {
            return JMX.newMXBeanProxy(
                    ManagementFactory.getPlatformMBeanServer(),
                    new ObjectName(Selectors.MXBEAN_NAME),
                    SelectorsMXBean.class);
        } catch (MalformedObjectNameException e) {
            throw new AssertionError(e);
        }
    }

    private static SelectorDump<String> dump(ObjectPool pool) throws IOException {
        try (Selector<String> selector = Selector.open()) {
            selector.register(pool.add(FuzzFixture.openReady()), Interest.READ, "");
            return selector.dump();
        }
    }

    private static Pollable changingFd(ObjectPool pool) {
        int[] numbers = new int[1 + pool.input().small() % 4];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = pool.input().small() % 4 == 0 ? HostilePollable.ChangingFd.THROW : pool.number();
        }
        return new HostilePollable.ChangingFd(numbers);
    }

    private static Pollable borrowed(ObjectPool pool) throws IOException {
        return switch (pool.input().small() % 3) {
            case 0 -> JdkChannels.pollable(pool.add(SocketChannel.open()));
            case 1 -> JdkChannels.pollable(pool.add(DatagramChannel.open()));
            default -> {
                Pipe pipe = Pipe.open();
                pool.add(pipe.sink());
                yield JdkChannels.pollable(pool.add(pipe.source()));
            }
        };
    }

    private static Kqueue kqueue(ObjectPool pool) {
        KqueueLibc kernel = pool.kernel();
        return Kqueues.fromFd(kernel, kernel.kqueue(ErrnoCapture.current()));
    }

    private static Kevents kevents(ObjectPool pool) {
        Kevents memory = Kqueues.memory(pool.kernel(), 1 + pool.input().small() % 8);
        for (int i = pool.input().small() % (memory.capacity() + 1); i > 0; i--) {
            memory.add(kevent(pool));
        }
        return memory;
    }

    private static Kevent kevent(ObjectPool pool) {
        Input input = pool.input();
        int flags = input.choose(Kqueue.EV_ADD, Kqueue.EV_DELETE, Kqueue.EV_ADD | Kqueue.EV_RECEIPT, input.small());
        int filter =
                input.choose(Kqueue.EVFILT_READ, Kqueue.EVFILT_WRITE, Kqueue.EVFILT_USER, (int) (short) input.number());
        return new Kevent(input.choose(pool.number(), Libc.NEVER_OPEN), filter, flags);
    }
}
