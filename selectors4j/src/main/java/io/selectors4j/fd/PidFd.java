package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxProcesses;
import io.selectors4j.internal.linux.LinuxSyscalls;
import io.selectors4j.internal.linux.Siginfo;
import io.selectors4j.internal.posix.Signals;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A pidfd: a process as a descriptor, which is readable from the end of the process on. Reading and writing fail with
/// EINVAL.
///
/// Use [#of] for processes started by Java and [#open] for all others, by their number.
///
/// A process that has ended is a zombie until its parent reaps it by asking for its status. The Java virtual machine
/// reaps the processes started by Java; an object made by [#of] never does. Since Linux 6.9, a reaped process is also
/// reported as hung up.
///
/// Source: pidfd_open(2), pidfd_send_signal(2), waitid(2).
public final class PidFd extends Fd {

    private static final int ESRCH = Errno.number("ESRCH");
    private static final int ECHILD = Errno.number("ECHILD");

    /// Errors of pidfd_open for the number of a reaped process: no process has it, or a thread has got it.
    private static final Set<Integer> NO_PROCESS = Set.of(ESRCH, Errno.EINVAL, Errno.ENOENT);

    /// The longest wait until the virtual machine has detected the end of a child. A thread of its own waits for each
    /// child.
    private static final Duration REAPER_TIMEOUT = Duration.ofSeconds(10);

    /// The maximum of an eventfd, 2^64-2: it is readable and not writable.
    private static final long MAX_COUNTER = -2;

    private final long pid;
    private final @Nullable Process process;
    private final boolean reaped;

    /// @param reaped whether the descriptor is an eventfd that is always readable, because the process was already
    ///     reaped
    private PidFd(int fd, long pid, @Nullable Process process, boolean reaped) {
        super(fd, true);
        this.pid = pid;
        this.process = process;
        this.reaped = reaped;
    }

    /// Creates a descriptor for a process started by Java, running or ended.
    ///
    /// For an ended process, the descriptor is ready at once, even if the process is reaped and its number is reused.
    /// The descriptor may then be another kind of descriptor that is always readable, and this method may wait until
    /// the virtual machine has detected the end: usually milliseconds, at most ten seconds.
    ///
    /// @param process a child of this process
    /// @return a new descriptor
    /// @throws UnsupportedOperationException if the object has no process number, or this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, ENOSYS before Linux
    ///     5.3; ECHILD or ESRCH if the object reports a live process and there is no such child
    public static PidFd of(Process process) throws IOException {
        int pid = requireNumber(process.pid());
        int fd = pidfdOpen(pid);
        if (fd >= 0) {
            PidFd opened = new PidFd(fd, pid, process, false);
            try {
                if (opened.isOurChild() && process.isAlive()) {
                    return opened;
                }
            } catch (Throwable t) {
                opened.closeAfter(t);
                throw t;
            }
            opened.close();
        } else if (!NO_PROCESS.contains(-fd)) {
            throw new NativeIOException("pidfd_open(" + pid + ")", -fd);
        }
        if (!awaitReaped(process)) {
            throw new NativeIOException(
                    "pidfd_open(" + pid + ")", fd < 0 ? -fd : ECHILD, "not a child of this process: " + process);
        }
        PidFd ready = new PidFd(EventFd.create(0, LinuxConstants.EFD_CLOEXEC, "EFD_CLOEXEC"), pid, process, true);
        EightByteCounter.write(ready, MAX_COUNTER);
        return ready;
    }

    /// Whether the descriptor is for a child of this process. Between reaping a child and Process.isAlive() returning
    /// false, its number can be reused by another process, which is no child of this one.
    private boolean isOurChild() throws IOException {
        return use(fd -> waitid(fd, new Siginfo(), LinuxProcesses.WNOWAIT) != -ECHILD);
    }

    /// Creates a descriptor for any process.
    ///
    /// A number can be reused as soon as its process is reaped. It is reliable for a child that only the caller reaps,
    /// and for a process that is known to run. Use [#of] for a process started by Java.
    ///
    /// @param pid the number of the process
    /// @return a new descriptor
    /// @throws IllegalArgumentException if the number is not above 0, or above [Integer#MAX_VALUE]
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: ESRCH if there is no such process, ENOENT or EINVAL if a thread
    ///     has the number, EMFILE or ENFILE at a limit of open files, ENOSYS before Linux 5.3
    public static PidFd open(long pid) throws IOException {
        int number = requireNumber(pid);
        return new PidFd(SystemCall.check(pidfdOpen(number), () -> "pidfd_open(" + pid + ")"), pid, null, false);
    }

    private static int requireNumber(long pid) {
        if (pid <= 0 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("invalid process number " + pid);
        }
        return (int) pid;
    }

    /// `int pidfd_open(pid_t pid, unsigned int flags);` always sets close-on-exec.
    private static int pidfdOpen(int pid) {
        LinuxOnly.require("pidfd", "ProcessHandle.onExit() completes when a process ends");
        return (int) LinuxSyscalls.syscall(ErrnoCapture.current(), LinuxSyscalls.SYS_PIDFD_OPEN, pid, 0, 0, 0, 0, 0);
    }

    private static int waitid(int fd, Siginfo info, int options) {
        return LinuxProcesses.waitid(
                ErrnoCapture.current(),
                LinuxProcesses.P_PIDFD,
                fd,
                info,
                LinuxProcesses.WEXITED | LinuxProcesses.WNOHANG | options);
    }

    /// Returns the number of the process. After the process is reaped, the number can be reused.
    ///
    /// @return the number
    public long pid() {
        return pid;
    }

    /// Returns the exit status of the process, or 128 plus the number of the signal that killed it, as shells and
    /// [Process] do. Does not reap the process, so it can be called repeatedly until the process is reaped.
    ///
    /// For a process started by Java, this is [Process#exitValue]. Just after the end of the process, this method waits
    /// until the virtual machine has detected it: usually milliseconds, at most ten seconds.
    ///
    /// @return the value; empty while the process runs, or if the virtual machine has not detected its end in that time
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ECHILD if this object was made by [#open] and the process is no
    ///     child of this process or was reaped, as the virtual machine does with processes started by Java; EINVAL
    ///     before Linux 5.4
    public OptionalInt exitValue() throws IOException {
        Process child = process;
        if (child == null) {
            return status(LinuxProcesses.WNOWAIT, "WEXITED|WNOHANG|WNOWAIT");
        }
        boolean ended = use(fd -> SingleFdPoll.await(fd, PollFlags.POLLIN, 0) != 0);
        return ended && awaitReaped(child) ? OptionalInt.of(child.exitValue()) : OptionalInt.empty();
    }

    /// Returns the exit value as [#exitValue] does, and reaps the process if it has ended. For children started by
    /// native code, which stay zombies otherwise. After that, the status is no longer available.
    ///
    /// Do not call this for a process started by Java: an object made by [#open] cannot detect that, and its [Process]
    /// then reports 0.
    ///
    /// @return the value; empty while the process runs
    /// @throws UnsupportedOperationException if this object was made by [#of]
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ECHILD if the process is no child of this process or was
    ///     reaped; EINVAL before Linux 5.4
    public OptionalInt reap() throws IOException {
        if (process != null) {
            throw new UnsupportedOperationException(
                    "the Java virtual machine reaps processes started by Java, call exitValue(): " + process);
        }
        return status(0, "WEXITED|WNOHANG");
    }

    private OptionalInt status(int options, String names) throws IOException {
        Siginfo info = new Siginfo();
        use(fd -> {
            int result = waitid(fd, info, options);
            String call = "waitid(P_PIDFD, fd=" + fd + ", " + names + ")";
            if (result == -ECHILD) {
                throw new NativeIOException(call, ECHILD, pid + " is no child of this process, or was reaped before");
            }
            return SystemCall.check(result, () -> call);
        });
        return info.exitValue();
    }

    /// Waits until the virtual machine has detected the end of a child that has ended. An interrupt does not end the
    /// wait; the interrupt status is kept.
    ///
    /// @return false after the timeout
    private static boolean awaitReaped(Process child) {
        boolean interrupted = false;
        long start = Deadline.start(REAPER_TIMEOUT.toNanos());
        try {
            while (true) {
                try {
                    return child.waitFor(Deadline.remaining(REAPER_TIMEOUT.toNanos(), start), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Sends a signal to the process, never to another process with the same number. Has no effect on a zombie.
    ///
    /// @param name the name of the signal, such as `SIGTERM`
    /// @throws IllegalArgumentException if there is no such signal
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ESRCH if the process has ended and is reaped, EPERM
    public void sendSignal(String name) throws IOException {
        int signal = Signals.number(name);
        use(fd -> SystemCall.check(
                reaped ? -ESRCH : pidfdSendSignal(fd, signal), () -> "pidfd_send_signal(fd=" + fd + ", " + name + ")"));
    }

    /// `int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags);`
    private static int pidfdSendSignal(int fd, int signal) {
        return (int) LinuxSyscalls.syscall(
                ErrnoCapture.current(), LinuxSyscalls.SYS_PIDFD_SEND_SIGNAL, fd, signal, 0, 0, 0, 0);
    }

    /// Fails: a process cannot be read.
    ///
    /// @param target any buffer
    /// @return never
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException EINVAL
    @Override
    public int read(ByteBuffer target) throws IOException {
        requireWritable(target);
        return refuse("read");
    }

    /// Fails: a process cannot be written to.
    ///
    /// @param source any buffer
    /// @return never
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException EINVAL
    @Override
    public int write(ByteBuffer source) throws IOException {
        return refuse("write");
    }

    /// Fails as the kernel does for a pidfd. The eventfd of a reaped process could be read.
    private int refuse(String call) throws IOException {
        return use(fd -> SystemCall.check(-Errno.EINVAL, () -> call + "(fd=" + fd + ")"));
    }

    /// Duplicates the descriptor. The duplicate is for the same process.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public PidFd dup() throws IOException {
        return new PidFd(duplicate(), pid, process, reaped);
    }
}
