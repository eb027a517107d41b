package io.selectors4j.stress.misuse;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyHandler;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FdFunction;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.EpollEvents;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringBuffers;
import io.selectors4j.os.IoUringCompletions;
import io.selectors4j.os.IoUringFeature;
import io.selectors4j.os.IoUringMessage;
import io.selectors4j.os.Kevents;
import io.selectors4j.os.Kqueues;
import io.selectors4j.os.SignalMask;
import io.selectors4j.testing.Libc;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.SerialPort;
import io.selectors4j.tty.Termios;
import io.selectors4j.tty.WindowSize;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Valid arguments for every public method of the library, by type. With them, a method has an effect and does not
/// block for long.
final class Arguments implements Closeable {

    /// A TCP port that refuses connections.
    private static final SocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private static final InetAddress GROUP = InetAddress.ofLiteral("239.255.0.1");

    /// Values of parameters whose meaning depends on the name. Most other numbers are flags, counts or watches.
    private static final Map<String, Object> BY_NAME = Map.of(
            "flags", 0, // of a message
            "mask", 2, // IN_MODIFY
            "level", 1, // SOL_SOCKET
            "option", 9, // SO_KEEPALIVE
            "maxLength", 100, // of an option
            "request", 0x541BL, // FIONREAD
            "number", Libc.NEVER_OPEN, // of dup2, which would replace an open file
            "blocking", false); // as all objects are opened

    private final PipeFd.Pipe pipe = PipeFd.open();
    private final PtyFd.Pair pty = PtyFd.open();
    private final SocketFd.Pair sockets = SocketFd.pair(SocketFd.Type.STREAM);
    private final IoUring ring = IoUring.create(1);
    private final IoUringBuffers buffers = ring.provideBuffers(1, 1);
    private final AtomicInteger handled = new AtomicInteger();
    private final Map<Class<?>, Supplier<Object>> byType = new HashMap<>();

    Arguments() throws IOException {
        pipe.reader().setBlocking(false);
        sockets.first().setBlocking(false);
        byType.put(boolean.class, () -> true);
        byType.put(int.class, () -> 1);
        byType.put(long.class, () -> 1L);
        byType.put(Object.class, () -> true);
        byType.put(String.class, () -> "SIGTERM");
        byType.put(Duration.class, () -> Duration.ofNanos(1));
        byType.put(Instant.class, () -> Instant.EPOCH);
        byType.put(Path.class, () -> Path.of("/"));
        byType.put(byte[].class, () -> new byte[4]);
        byType.put(ByteBuffer.class, () -> ByteBuffer.allocate(8));
        byType.put(ByteBuffer[].class, () -> new ByteBuffer[] {ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8)});
        byType.put(SocketAddress.class, () -> ADDRESS);
        byType.put(InetAddress.class, () -> GROUP);
        byType.put(NetworkInterface.class, Arguments::loopback);
        byType.put(SocketOption.class, () -> StandardSocketOptions.SO_KEEPALIVE);
        byType.put(Pollable.class, () -> pipe.reader());
        byType.put(Fd.class, () -> pty.terminal());
        byType.put(SocketFd.class, () -> sockets.first());
        byType.put(ReceivedMessage.class, ReceivedMessage::new);
        byType.put(List.class, List::of);
        byType.put(Collection.class, () -> List.of(pipe.reader()));
        byType.put(Interest.class, () -> Interest.READ);
        byType.put(
                SelectorKey.class,
                () -> new SelectorKey<>(pipe.reader(), pipe.reader().fileno(), Interest.READ, "data"));
        byType.put(ReadyHandler.class, () -> (ReadyHandler<Object, Exception>) (_, _) -> handled.incrementAndGet());
        byType.put(FdFunction.class, () -> (FdFunction<Object, Exception>) fd -> fd);
        byType.put(SignalMask.class, () -> SignalMask.blocking("SIGUSR1"));
        byType.put(EpollEvents.class, () -> new EpollEvents(4));
        byType.put(IoUringCompletions.class, () -> new IoUringCompletions(4));
        byType.put(IoUringMessage.class, IoUringMessage::new);
        byType.put(IoUringBuffers.class, () -> buffers);
        byType.put(IoUringFeature.class, () -> IoUringFeature.CANCEL_ALL);
        byType.put(Kevents.class, () -> memory());
        byType.put(Iterable.class, List::of);
        byType.put(SerialPort.Line.class, () -> SerialPort.Line.DTR);
        byType.put(Termios.When.class, () -> Termios.When.NOW);
        byType.put(WindowSize.class, () -> new WindowSize(24, 80));
    }

    private static NetworkInterface loopback() {
        try {
            return Objects.requireNonNull(NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Kevents memory() {
        return Kqueues.memory(FdKind.Kernel.LIBC, 4);
    }

    /// Returns the arguments of a public method or constructor.
    Object[] of(Executable executable) {
        Object[] arguments = new Object[executable.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            String name = executable.getParameters()[i].getName();
            Class<?> type = executable.getParameterTypes()[i];
            Supplier<Object> supplier = byType.get(type);
            if (supplier == null) {
                throw new AssertionError("no argument is known for " + type + " " + name + " of " + executable);
            }
            arguments[i] = BY_NAME.containsKey(name) && type.isPrimitive() ? BY_NAME.get(name) : supplier.get();
            if (executable.getDeclaringClass() == IoUring.class) {
                arguments[i] = ofRing(name, arguments[i]);
            }
            if (name.equals("source") && type == InetAddress.class) {
                arguments[i] = InetAddress.getLoopbackAddress();
            }
        }
        return arguments;
    }

    /// Returns an argument of [IoUring], which takes no heap buffers.
    private static Object ofRing(String name, Object argument) {
        return switch (argument) {
            case ByteBuffer _ -> ByteBuffer.allocateDirect(8);
            case ByteBuffer[] _ -> new ByteBuffer[] {ByteBuffer.allocateDirect(8), ByteBuffer.allocateDirect(8)};
            case Integer _ when name.equals("fd") -> Libc.NEVER_OPEN; // closeFd would close the standard output
            default -> argument;
        };
    }

    /// Returns a terminal.
    PtyFd terminal() {
        return pty.terminal();
    }

    @Override
    public void close() throws IOException {
        ring.close();
        sockets.close();
        pipe.close();
        pty.close();
    }
}
