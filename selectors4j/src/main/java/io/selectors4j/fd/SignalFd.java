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

/// A descriptor that signals are read from, those sent to the process as well as those sent to one of its threads.
///
/// While one for a signal is open, what the signal did before (SIGINT ends the Java virtual machine) is off, and so is any
/// other handler; the last one that closes puts that back. If somebody else has set a handler over it meanwhile, that
/// handler stays. Of several objects for one signal, each gets every signal.
///
/// Signals of one kind that come fast are reported once or several times, as the kernel pleases; of different kinds, in any
/// order. Up to 65,536 wait to be read (fewer where the system gives out smaller pipes); more are dropped. What was not read
/// before closing is lost.
///
/// A SIGHUP, SIGINT or SIGTERM that the process was started to ignore (`nohup`, the background of a script) never comes: the
/// virtual machine leaves it ignored.
///
/// It is a pipe, not signalfd(2): a signal to the process goes to any thread that does not block it, and the virtual
/// machine has threads of its own, which block none. So the machine's own handler runs, by way of `sun.misc.Signal`, and
/// writes the signal's number to the pipe whose reading end this is. [#read(ByteBuffer)] gives these numbers, one byte each;
/// writing fails with EBADF. A duplicate is a plain [Fd] for the same pipe: each number goes to whoever reads first, and the
/// duplicate is at its end when this object is closed.
///
/// Source: signal(7), pipe(7).
public final class SignalFd extends Fd {

    private static final int NUMBERS_END = 32;

    /// Each number at the place of its own.
    private static final ByteBuffer NUMBERS = ByteBuffer.allocateDirect(NUMBERS_END);

    static {
        for (int number = 0; number < NUMBERS_END; number++) {
            NUMBERS.put(number, (byte) number);
        }
    }

    private final Descriptor writer;
    private final Set<String> signals;
    private final List<Subscription> subscriptions = new ArrayList<>();

    private record Subscription(SignalHandler signal, Runnable receiver) {}

    private SignalFd(int reader, int writer, Set<String> signals) {
        super(reader, true);
        this.writer = new Descriptor(writer);
        this.signals = Collections.unmodifiableSet(signals);
    }

    /// Takes signals over, all of them or none. Reads wait.
    ///
    /// @param names their names, such as `SIGINT`, at least one; one that is named twice counts once
    /// @return a descriptor that becomes readable when one of them comes
    /// @throws IllegalArgumentException if there is none, if this system has no signal of a name, or if it cannot be had:
    ///     SIGKILL and SIGSTOP, which the kernel lets nobody catch, and what the virtual machine needs for itself: SIGABRT,
    ///     SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGQUIT, SIGSEGV, SIGTRAP, SIGXFSZ, and SIGUSR2, or which other one the
    ///     environment variable `_JAVA_SR_SIGNUM` gives it instead
    /// @throws UnsupportedOperationException if the virtual machine gives the signal away to nobody, as with its option
    ///     `-Xrs`
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    public static SignalFd open(String... names) throws IOException {
        Set<String> signals = new LinkedHashSet<>(List.of(names));
        if (signals.isEmpty()) {
            throw new IllegalArgumentException("no signal is named");
        }
        signals.forEach(SignalFd::requirePossible);
        return take(signals);
    }

    /// Takes signals over, all of them or none.
    static SignalFd take(Set<String> signals) throws IOException {
        Ints fds = new Ints(-1, -1);
        SystemCall.check(
                DescriptorFactory.current().pipe(ErrnoCapture.current(), fds, true),
                () -> DescriptorFactory.current().call("pipe"));
        SignalFd made = new SignalFd(fds.get(0), fds.get(1), signals);
        boolean done = false;
        try {
            // Who hands the signals over must never wait. The reading end is another open file, which does.
            Fcntl.setBlocking(fds.get(1), false);
            signals.forEach(made::subscribe);
            done = true;
            return made;
        } finally {
            if (!done) {
                made.close();
            }
        }
    }

    private static void requirePossible(String name) {
        int number = Signals.number(name);
        String obstacle = switch (name) {
            case "SIGKILL", "SIGSTOP" -> "the kernel lets nobody catch it";
            case "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP" ->
                "the Java virtual machine itself works with faults of this kind";
            case "SIGQUIT" -> "the Java virtual machine prints what its threads do when it comes";
            case "SIGPIPE" -> "the Java virtual machine ignores it, so that writes fail with EPIPE instead";
            case "SIGXFSZ" -> "the Java virtual machine ignores it, so that writes fail with EFBIG instead";
            case "SIGABRT" -> "it is how the Java virtual machine ends itself";
            default -> number == suspendSignal() ? "the Java virtual machine suspends its threads with it" : null;
        };
        if (obstacle != null) {
            throw new IllegalArgumentException(name + " cannot be read: " + obstacle);
        }
    }

    /// What HotSpot suspends threads with, for its flight recorder. It takes another number than SIGUSR2 from the
    /// environment, if that is above SIGSEGV and SIGBUS and below NSIG.
    private static int suspendSignal() {
        String set = System.getenv("_JAVA_SR_SIGNUM");
        if (set != null && set.matches("[0-9]{2}")) {
            int number = Integer.parseInt(set);
            int lowest = Math.max(Signals.number("SIGSEGV"), Signals.number("SIGBUS")) + 1;
            if (number >= lowest && number <= (Platform.CURRENT.os() == Platform.Os.LINUX ? 64 : NUMBERS_END - 1)) {
                return number;
            }
        }
        return Signals.number("SIGUSR2");
    }

    private void subscribe(String name) {
        int number = Signals.number(name);
        Runnable receiver = () -> arrived(number);
        subscriptions.add(new Subscription(SignalHandler.install(name, receiver), receiver));
    }

    /// Takes the number of a signal to the pipe. Never waits: what finds no room is dropped, as is what comes too late.
    void arrived(int number) {
        int fd = writer.acquire();
        if (fd >= 0) {
            try {
                ByteIo.current().write(ByteIo.WriteCall.WRITE, fd, NUMBERS.slice(number, 1), 0, false);
            } finally {
                writer.release();
            }
        }
    }

    /// The signals that come here.
    ///
    /// @return their names, in the order in which they were given; cannot be changed
    public Set<String> signals() {
        return signals;
    }

    /// Reads one signal. Waits for one if the descriptor is blocking.
    ///
    /// @return its name, such as `SIGINT`; null if there is none now and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited, which then ends at once
    /// @throws NativeIOException if the read fails
    public @Nullable String read() throws IOException {
        ByteBuffer number = ByteBuffer.allocate(1);
        return read(number) > 0 ? Signals.name(number.get(0)) : null;
    }

    @Override
    void onClose(int fd) {
        try {
            for (Subscription subscription : subscriptions) {
                subscription.signal().uninstall(subscription.receiver());
            }
        } finally {
            // Without a writer the pipe is at its end, which a read that waits returns with.
            writer.close();
        }
    }
}
