package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.sys.Fcntl;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The protocol between a service and its service manager, which is usually systemd: descriptors that the manager has
/// opened for the service (socket activation), and messages about the state of the service. Linux only.
///
/// ```java
/// for (Systemd.PassedFd passed : Systemd.listenFds()) {
///     System.out.println(passed.name() + " is " + passed.fd());
/// }
/// Systemd.sendNotification("READY=1");
/// ```
///
/// Outside of a service manager, [#listenFds] returns nothing and [#sendNotification] does nothing.
///
/// Source: sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3), systemd.socket(5).
public final class Systemd {

    private static final String LISTEN_PID = "LISTEN_PID";
    private static final String LISTEN_FDS = "LISTEN_FDS";
    private static final String LISTEN_FDNAMES = "LISTEN_FDNAMES";
    private static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG_PID = "WATCHDOG_PID";
    private static final String WATCHDOG_USEC = "WATCHDOG_USEC";

    /// The number of the first descriptor: SD_LISTEN_FDS_START.
    private static final int FIRST = 3;

    /// The name of a descriptor without a name.
    private static final String UNKNOWN = "unknown";

    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private Systemd() {}

    /// A descriptor that the service manager has opened.
    ///
    /// @param name the name in the unit, FileDescriptorName= or the name of the socket unit; `unknown` if there is none
    /// @param fd the descriptor, a [SocketFd] if it is a socket
    public record PassedFd(String name, Fd fd) {

        /// Checks that nothing is null.
        public PassedFd {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(fd, "fd");
        }
    }

    /// Returns the descriptors that the service manager has opened for this process, and makes them close-on-exec. The
    /// caller owns them. They have the blocking mode that the manager has chosen, usually non-blocking for sockets that
    /// are accepted from.
    ///
    /// Only the first call returns descriptors. It also removes LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES from the
    /// environment of the process, for child processes; see [#removeVariables].
    ///
    /// @return the descriptors in the order of the units; empty without socket activation, or if the variables are
    ///     meant for another process
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws IOException if a variable has no meaning; the message has the variable and its value
    /// @throws NativeIOException EBADF if one of the descriptors is not open
    public static List<PassedFd> listenFds() throws IOException {
        LinuxOnly.require("socket activation", "System.inheritedChannel() returns the socket of inetd");
        if (TAKEN.getAndSet(true)) {
            return List.of();
        }
        List<PassedFd> passed =
                listenFds(System.getenv(), ProcessHandle.current().pid(), FIRST);
        for (String name : List.of(LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES)) {
            PosixLibc.unsetenv(ErrnoCapture.current(), new CString(name));
        }
        return passed;
    }

    static List<PassedFd> listenFds(Map<String, String> environment, long pid, int first) throws IOException {
        String count = environment.get(LISTEN_FDS);
        if (count == null || !isForProcess(environment, LISTEN_PID, pid)) {
            return List.of();
        }
        int number = (int) parse(LISTEN_FDS, count, Integer.MAX_VALUE - first);
        List<String> names = names(environment.get(LISTEN_FDNAMES), number);
        for (int fd = first; fd < first + number; fd++) {
            Fcntl.requireOpen(fd);
        }
        List<PassedFd> passed = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Fcntl.setCloseOnExec(first + i);
            passed.add(new PassedFd(names.get(i), SocketFactory.received(first + i)));
        }
        return List.copyOf(passed);
    }

    private static List<String> names(@Nullable String joined, int number) throws IOException {
        if (joined == null) {
            return Collections.nCopies(number, UNKNOWN);
        }
        List<String> names = List.of(joined.split(":", -1));
        if (names.size() != number) {
            throw new IOException(
                    LISTEN_FDNAMES + "=" + joined + " has " + names.size() + " names for " + number + " descriptors");
        }
        return names;
    }

    /// Removes LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES, NOTIFY_SOCKET, WATCHDOG_PID and WATCHDOG_USEC from the
    /// environment of a child process. [ProcessBuilder#environment] is a copy of the variables that this process was
    /// started with, so it still has those that [#listenFds] has removed.
    ///
    /// @param environment the environment of a [ProcessBuilder]
    public static void removeVariables(Map<String, String> environment) {
        environment
                .keySet()
                .removeAll(List.of(LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES, NOTIFY_SOCKET, WATCHDOG_PID, WATCHDOG_USEC));
    }

    /// Sends the service manager a message: `sd_notify()`. May wait until the manager has room for it.
    ///
    /// @param state assignments, one on a line: `READY=1` when the service has started, `RELOADING=1`, `STOPPING=1`,
    ///     `STATUS=` and a text, `WATCHDOG=1` at least twice in each [#watchdogTimeout]
    /// @return true if the message was sent; false if the environment has no NOTIFY_SOCKET
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws IOException if the address in NOTIFY_SOCKET is not a path and not abstract
    /// @throws NativeIOException if the manager cannot be reached: ENOENT, ECONNREFUSED, EACCES
    public static boolean sendNotification(String state) throws IOException {
        return sendNotification(System.getenv(), state);
    }

    static boolean sendNotification(Map<String, String> environment, String state) throws IOException {
        Objects.requireNonNull(state, "state");
        LinuxOnly.require("sd_notify");
        String name = environment.get(NOTIFY_SOCKET);
        if (name == null) {
            return false;
        }
        SocketAddress manager;
        if (name.startsWith("@")) {
            manager = RawSocketAddress.unixAbstract(name.substring(1).getBytes(StandardCharsets.UTF_8));
        } else if (name.startsWith("/")) {
            manager = UnixDomainSocketAddress.of(name);
        } else {
            throw new IOException(NOTIFY_SOCKET + "=" + name + " is neither a path nor an abstract address");
        }
        try (SocketFd socket = SocketFd.open(SocketFd.AF_UNIX, SocketFd.Type.DATAGRAM, 0)) {
            socket.sendTo(ByteBuffer.wrap(state.getBytes(StandardCharsets.UTF_8)), manager, 0);
        }
        return true;
    }

    /// Returns the time after which the service manager restarts the service if it gets no `WATCHDOG=1`: WatchdogSec=
    /// in the unit. Send it after half of this time.
    ///
    /// @return the time; empty if the manager does not watch this process
    /// @throws IOException if WATCHDOG_USEC is not a number of microseconds above 0
    public static Optional<Duration> watchdogTimeout() throws IOException {
        return watchdogTimeout(System.getenv(), ProcessHandle.current().pid());
    }

    static Optional<Duration> watchdogTimeout(Map<String, String> environment, long pid) throws IOException {
        String micros = environment.get(WATCHDOG_USEC);
        if (micros == null
                || (environment.containsKey(WATCHDOG_PID) && !isForProcess(environment, WATCHDOG_PID, pid))) {
            return Optional.empty();
        }
        long number = parse(WATCHDOG_USEC, micros, Long.MAX_VALUE);
        if (number == 0) {
            throw new IOException(WATCHDOG_USEC + "=0 is no time");
        }
        return Optional.of(Duration.of(number, ChronoUnit.MICROS));
    }

    private static boolean isForProcess(Map<String, String> environment, String variable, long pid) throws IOException {
        String value = environment.get(variable);
        return value != null && parse(variable, value, Long.MAX_VALUE) == pid;
    }

    private static long parse(String variable, String value, long most) throws IOException {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException(variable + "=" + value + " is not a number", e);
        }
        throw new IOException(variable + "=" + value + " is not between 0 and " + most);
    }
}
