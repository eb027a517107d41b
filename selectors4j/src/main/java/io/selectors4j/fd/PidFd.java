package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxProcesses;
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

/// A process that can be waited for: readable once it has ended, and ever after. There is nothing to read or to write:
/// both fail with EINVAL.
///
/// [#of] is for processes that Java has started; [#open] for all others, which are known by their number.
///
/// A process that has ended is a zombie until its parent asks for its status, which reaps it. The Java virtual machine reaps
/// the processes that Java has started, and a descriptor of those leaves that to it. From Linux 6.9 on, a process that is
/// reaped is reported as hung up too.
///
/// Source: pidfd_open(2), pidfd_send_signal(2), waitid(2).
public final class PidFd extends Fd {

    private static final int ESRCH = Errno.number("ESRCH");
    private static final int ECHILD = Errno.number("ECHILD");

    /// What pidfd_open answers for a number that nobody has any more: nobody at all, or a thread by now.
    private static final Set<Integer> GONE = Set.of(ESRCH, Errno.EINVAL, Errno.ENOENT);

    /// How long the virtual machine may take to notice that its child has ended. It has a thread that waits for nothing else.
    private static final Duration NOTICE = Duration.ofSeconds(10);

    /// The largest number that an eventfd holds: with it, there is no room to write.
    private static final long FULL = -2;

    private static final int SIGNALED = 128;

    private final long pid;
    private final @Nullable Process process;
    private final boolean gone;

    /// @param gone whether the descriptor is one that is always ready, in the place of a process that was reaped before
    private PidFd(int fd, long pid, @Nullable Process process, boolean gone) {
        super(fd, true);
        this.pid = pid;
        this.process = process;
        this.gone = gone;
    }

    /// Makes a descriptor of a process that Java has started, whether it has ended or not. If it has, the descriptor is ready
    /// at once, also where the process is reaped and its number is another one's by now; it may be no pidfd then, but
    /// something else that is readable ever after. In that case this method can wait for the virtual machine to notice the
    /// end: moments, at most ten seconds.
    ///
    /// @param process the process, a child of this one
    /// @return a new descriptor
    /// @throws UnsupportedOperationException if the object does not know its process's number, or this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, ENOSYS before Linux 5.3;
    ///     ECHILD or ESRCH if the object says that the process is alive, and there is no such child
    public static PidFd of(Process process) throws IOException {
        int pid = requireNumber(process.pid());
        int fd = pidfdOpen(pid);
        if (fd >= 0) {
            PidFd opened = new PidFd(fd, pid, process, false);
            boolean right = false;
            try {
                right = opened.isChildOfOurs() && process.isAlive();
            } finally {
                if (!right) {
                    opened.close();
                }
            }
            if (right) {
                return opened;
            }
        } else if (!GONE.contains(-fd)) {
            throw new NativeIOException("pidfd_open(" + pid + ")", -fd);
        }
        if (!isNoticed(process)) {
            throw new NativeIOException(
                    "pidfd_open(" + pid + ")", fd < 0 ? -fd : ECHILD, "not a child of this process: " + process);
        }
        PidFd ready = new PidFd(EventFd.create(0, LinuxConstants.EFD_CLOEXEC, "EFD_CLOEXEC"), pid, process, true);
        EightByteCounter.write(ready, FULL);
        return ready;
    }

    /// Whether the number has been the process's when the descriptor was made. It is until the process is reaped, and the
    /// virtual machine says that a moment later, in which the number can get a new owner; that one is no child of ours.
    private boolean isChildOfOurs() throws IOException {
        return use(fd -> waitid(fd, new Siginfo(), LinuxProcesses.WNOWAIT) != -ECHILD);
    }

    /// Makes a descriptor of any process.
    ///
    /// A number can get a new owner as soon as a process is reaped. So it is certain only for a child that nobody else reaps,
    /// and for a process that is known to live. For one that Java has started there is [#of].
    ///
    /// @param pid the process's number
    /// @return a new descriptor
    /// @throws IllegalArgumentException if the number cannot be a process's: it is not above 0, or above
    ///     [Integer#MAX_VALUE]
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: ESRCH if there is no such process, ENOENT or EINVAL if the number is
    ///     that of a thread, EMFILE or ENFILE at a limit of open files, ENOSYS before Linux 5.3
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

    /// `int pidfd_open(pid_t pid, unsigned int flags);` sets close-on-exec by itself.
    private static int pidfdOpen(int pid) {
        LinuxOnly.require("pidfd");
        return (int) LinuxProcesses.syscall(ErrnoCapture.current(), LinuxProcesses.SYS_PIDFD_OPEN, pid, 0, 0, 0);
    }

    private static int waitid(int fd, Siginfo info, int options) {
        return LinuxProcesses.waitid(
                ErrnoCapture.current(),
                LinuxProcesses.P_PIDFD,
                fd,
                info,
                LinuxProcesses.WEXITED | LinuxProcesses.WNOHANG | options);
    }

    /// The number of the process. Once it is reaped, the number can be another one's.
    ///
    /// @return the number
    public long pid() {
        return pid;
    }

    /// How the process has ended: the status that it exited with, or 128 plus the number of the signal that killed it, as a
    /// shell and [Process] say it. Does not reap it, and can be asked again until somebody does.
    ///
    /// For a process that Java has started, this is [Process#exitValue]. If it has ended just now, this method waits for the
    /// virtual machine to notice: moments, at most ten seconds.
    ///
    /// @return the value; empty while the process runs, or if the virtual machine has not noticed its end in that time
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ECHILD if the process, known by its number only, is no child of this
    ///     one, or was reaped by somebody else, as the virtual machine does with those that Java has started; EINVAL before
    ///     Linux 5.4
    public OptionalInt exitValue() throws IOException {
        Process child = process;
        if (child == null) {
            return status(LinuxProcesses.WNOWAIT, "WEXITED|WNOHANG|WNOWAIT");
        }
        boolean ended = use(fd -> SingleFdPoll.await(fd, PollFlags.POLLIN, 0) != 0);
        return ended && isNoticed(child) ? OptionalInt.of(child.exitValue()) : OptionalInt.empty();
    }

    /// Asks as [#exitValue] does, and reaps the process if it has ended: for a child that native code has started, which
    /// stays a zombie otherwise. Then nobody can ask again.
    ///
    /// Nothing tells such a child from one that Java has started, if [#open] got its number: reaping that takes the status
    /// away from its [Process], which then says 0.
    ///
    /// @return the value; empty while the process runs
    /// @throws UnsupportedOperationException if this object was made of a [Process]
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ECHILD if the process is no child of this one or was reaped before;
    ///     EINVAL before Linux 5.4
    public OptionalInt reap() throws IOException {
        if (process != null) {
            throw new UnsupportedOperationException(
                    "the Java virtual machine reaps what Java has started; ask exitValue(): " + process);
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
        if (info.pid() == 0) {
            return OptionalInt.empty();
        }
        boolean exited = info.code() == LinuxProcesses.CLD_EXITED;
        return OptionalInt.of(exited ? info.status() : SIGNALED + info.status());
    }

    /// Waits until the virtual machine has noticed that its child has ended, which it is about to. An interrupt does not end
    /// that, and is not lost.
    ///
    /// @return whether it has
    private static boolean isNoticed(Process child) {
        boolean interrupted = false;
        long start = Deadline.start(NOTICE.toNanos());
        try {
            while (true) {
                try {
                    return child.waitFor(Deadline.remaining(NOTICE.toNanos(), start), TimeUnit.NANOSECONDS);
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

    /// Sends a signal to the process, and never to another one that has got its number. A zombie takes it without effect.
    ///
    /// @param name the signal's name, such as `SIGTERM`
    /// @throws IllegalArgumentException if there is no such signal
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ESRCH if the process has ended and is reaped, EPERM
    public void sendSignal(String name) throws IOException {
        int signal = Signals.number(name);
        use(fd -> SystemCall.check(
                gone ? -ESRCH : pidfdSendSignal(fd, signal), () -> "pidfd_send_signal(fd=" + fd + ", " + name + ")"));
    }

    /// `int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags);`
    private static int pidfdSendSignal(int fd, int signal) {
        return (int)
                LinuxProcesses.syscall(ErrnoCapture.current(), LinuxProcesses.SYS_PIDFD_SEND_SIGNAL, fd, signal, 0, 0);
    }

    /// Fails: a process has nothing to read.
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

    /// Fails: a process has nothing to write to.
    ///
    /// @param source any buffer
    /// @return never
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException EINVAL
    @Override
    public int write(ByteBuffer source) throws IOException {
        return refuse("write");
    }

    /// What the kernel answers for a process; the descriptor in the place of one that is gone would give in.
    private int refuse(String call) throws IOException {
        return use(fd -> SystemCall.check(-Errno.EINVAL, () -> call + "(fd=" + fd + ")"));
    }

    /// Duplicates the descriptor: both are the same process.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public PidFd dup() throws IOException {
        return new PidFd(duplicate(), pid, process, gone);
    }
}
