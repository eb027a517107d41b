package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.Signals;
import io.selectors4j.internal.sys.Descriptor;
import io.selectors4j.internal.sys.DescriptorFactory;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SignalHandler;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A descriptor that reads signals, sent to the process or to one of its threads.
///
/// While an object for a signal is open, the default action of the signal (SIGINT ends the Java virtual machine) and
/// every previous handler are disabled. Closing the last object for the signal restores them, unless other code has
/// installed a handler meanwhile; that handler stays. If several objects are open for one signal, each receives every
/// signal.
///
/// Several signals of one kind in quick succession may be reported once, as the kernel merges pending signals. Signals
/// of different kinds may be reported in any order. Up to 65,536 signals wait to be read (fewer if the system limits
/// the size of pipes); further signals are dropped. Signals not read before closing are lost.
///
/// SIGHUP, SIGINT and SIGTERM are never reported if the process was started with the signal ignored (`nohup`, a
/// background job of a script): the virtual machine leaves it ignored.
///
/// The implementation is a pipe, not signalfd(2). The kernel delivers a signal for the process to any thread that does
/// not block it, and the threads of the virtual machine block none. A handler installed with `sun.misc.Signal` writes
/// the number of the signal to the pipe, and this object is the reading end. [#read(ByteBuffer)] returns these numbers,
/// one byte each; writing fails with EBADF. A duplicate is a plain [Fd] of the same pipe: each number is read once, by
/// this object or by the duplicate. The duplicate reads the end of the data when this object is closed.
///
/// Source: signal(7), pipe(7).
public final class SignalFd extends Fd {

    private static final int NSIG = 32;

    /// Contains each signal number at its own index.
    private static final ByteBuffer NUMBERS = ByteBuffer.allocateDirect(NSIG);

    static {
        for (int number = 0; number < NSIG; number++) {
            NUMBERS.put(number, (byte) number);
        }
    }

    private final Descriptor writer;
    private final Set<String> signals;
    private final List<Subscription> subscriptions = new ArrayList<>();

    private record Subscription(SignalHandler handler, Runnable receiver) {}

    private SignalFd(int reader, int writer, Set<String> signals) {
        super(reader, true);
        this.writer = new Descriptor(writer);
        this.signals = Collections.unmodifiableSet(signals);
    }

    /// Installs handlers for signals, for all of them or for none. The descriptor is blocking.
    ///
    /// @param names the names of the signals, such as `SIGINT`, at least one; repeated names count once
    /// @return a new descriptor, which becomes readable when one of the signals arrives
    /// @throws IllegalArgumentException if no name is given, if this system has no signal of that name, or if the
    ///     signal cannot be caught (SIGKILL, SIGSTOP) or is used by the virtual machine: SIGABRT, SIGBUS, SIGFPE,
    ///     SIGILL, SIGPIPE, SIGQUIT, SIGSEGV, SIGTRAP, SIGXFSZ, and SIGUSR2 or the signal set by the environment
    ///     variable `_JAVA_SR_SIGNUM`
    /// @throws UnsupportedOperationException on Windows, or if the virtual machine does not allow a handler for the
    ///     signal, as with its option `-Xrs`
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    public static SignalFd open(String... names) throws IOException {
        Set<String> signals = new LinkedHashSet<>(List.of(names));
        if (signals.isEmpty()) {
            throw new IllegalArgumentException("no signal is named");
        }
        if (Platform.IS_WINDOWS) {
            throw new UnsupportedOperationException(
                    "Windows has no signals: Runtime.addShutdownHook() runs code when the process ends");
        }
        signals.forEach(SignalFd::requireCatchable);
        return install(signals);
    }

    /// Installs handlers for signals, for all of them or for none.
    static SignalFd install(Set<String> signals) throws IOException {
        Ints fds = new Ints(-1, -1);
        SystemCall.check(
                DescriptorFactory.current().pipe(ErrnoCapture.current(), fds, true),
                () -> DescriptorFactory.current().call("pipe"));
        SignalFd created = new SignalFd(fds.get(0), fds.get(1), signals);
        try {
            // The thread that writes the signals must never block. The reading end is another open file and stays
            // blocking.
            Fcntl.setBlocking(fds.get(1), false);
            signals.forEach(created::subscribe);
            return created;
        } catch (Throwable t) {
            created.closeAfter(t);
            throw t;
        }
    }

    private static void requireCatchable(String name) {
        int number = Signals.number(name);
        String reason = switch (name) {
            case "SIGKILL", "SIGSTOP" -> "the kernel does not allow a handler for it";
            case "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP" ->
                "the Java virtual machine handles faults of this kind itself";
            case "SIGQUIT" -> "the Java virtual machine prints a thread dump when it arrives";
            case "SIGPIPE" -> "the Java virtual machine ignores it, so that writes fail with EPIPE instead";
            case "SIGXFSZ" -> "the Java virtual machine ignores it, so that writes fail with EFBIG instead";
            case "SIGABRT" -> "the Java virtual machine ends itself with it";
            default -> number == suspendSignal() ? "the Java virtual machine suspends its threads with it" : null;
        };
        if (reason != null) {
            throw new IllegalArgumentException(name + " cannot be read: " + reason);
        }
    }

    /// Returns the signal with which HotSpot suspends threads, for its flight recorder: SIGUSR2, or the number in the
    /// environment if it is above SIGSEGV and SIGBUS and below NSIG.
    private static int suspendSignal() {
        String variable = System.getenv("_JAVA_SR_SIGNUM");
        if (variable != null && variable.matches("[0-9]{2}")) {
            int number = Integer.parseInt(variable);
            int lowest = Math.max(Signals.number("SIGSEGV"), Signals.number("SIGBUS")) + 1;
            if (number >= lowest && number <= (Platform.CURRENT.os() == Platform.Os.LINUX ? 64 : NSIG - 1)) {
                return number;
            }
        }
        return Signals.number("SIGUSR2");
    }

    private void subscribe(String name) {
        int number = Signals.number(name);
        Runnable receiver = () -> onSignal(number);
        subscriptions.add(new Subscription(SignalHandler.install(name, receiver), receiver));
    }

    /// Writes the number of a signal to the pipe. Never blocks: drops the number if the pipe is full or closed.
    void onSignal(int number) {
        int fd = writer.acquire();
        if (fd >= 0) {
            try {
                ByteIo.current().write(ByteIo.Calls.FILE, fd, NUMBERS.slice(number, 1), 0, false);
            } finally {
                writer.release();
            }
        }
    }

    /// Returns the names of the signals.
    ///
    /// @return an unmodifiable set, in the order in which the names were given
    public Set<String> signals() {
        return signals;
    }

    /// Reads one signal. Waits for one if the descriptor is blocking.
    ///
    /// @return its name, such as `SIGINT`; null if there is none and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call, which ends the wait
    /// @throws NativeIOException if the read fails
    public @Nullable String read() throws IOException {
        ByteBuffer number = ByteBuffer.allocate(1);
        return read(number) > 0 ? Signals.name(number.get(0)) : null;
    }

    @Override
    void onClose(int fd) {
        try {
            for (Subscription subscription : subscriptions) {
                subscription.handler().uninstall(subscription.receiver());
            }
        } finally {
            // A blocked read returns when the pipe has no writer.
            writer.close();
        }
    }
}
