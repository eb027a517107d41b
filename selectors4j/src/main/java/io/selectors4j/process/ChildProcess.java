package io.selectors4j.process;

import io.selectors4j.Await;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxProcesses;
import io.selectors4j.internal.linux.Siginfo;
import io.selectors4j.internal.posix.Signals;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A child process whose streams and end are descriptors, so one selector waits for all of them. Linux only.
///
/// ```java
/// try (ChildProcess child = ChildProcess.builder("make", "test").start();
///         Selector<String> selector = Selector.open()) {
///     selector.register(child.stdout(), Interest.READ, "output");
///     selector.register(child.stderr(), Interest.READ, "errors");
///     selector.register(child.pidfd(), Interest.READ, "end");
/// }
/// ```
///
/// The child leads a new process group, to which its own children belong. [#close] kills the child and all processes of
/// the group, and reaps the child, so no process and no zombie is left. A descendant that has moved to another group
/// goes on. A program that adopts processes, as process 1 of a container does, also adopts the killed ones and has to
/// reap them: run it below an init. If this program ends without a close, the child goes on.
///
/// The child has the three standard streams and the descriptors of [ChildProcessBuilder#pass], and inherits no others.
/// It ignores the signals that this process ignores. All others have their default actions, and none is blocked.
///
/// Until it is closed, an ended child is a zombie: its number belongs to no other process, so no signal can reach one.
/// No other code of the process may reap the child, as `waitpid(-1)` of a native library does. If the process ignores
/// SIGCHLD, a start sets its default action, as that of a [Process] does.
///
/// All methods may be called by any thread.
///
/// Source: posix_spawn(3), waitid(2), kill(2), pidfd_open(2), setpgid(2).
public final class ChildProcess implements Closeable {

    private static final int ECHILD = Errno.number("ECHILD");
    private static final int WITHOUT_REAPING = LinuxProcesses.WNOHANG | LinuxProcesses.WNOWAIT;

    /// The pause until the end of a child is checked again that its debugger has not noticed.
    private static final long RETRY_NANOS = 1_000_000;

    private final int pid;

    /// The target of kill(2) for all processes of the child: the negative number of its group, or its own number.
    private final int group;

    private final PidFd pidfd;
    private final @Nullable PipeFd stdin;
    private final @Nullable PipeFd stdout;
    private final @Nullable PipeFd stderr;

    /// Guards the state of the process: a signal must not be sent after the child is reaped.
    private final ReentrantLock lock = new ReentrantLock();

    private boolean reaped;
    private OptionalInt exitValue = OptionalInt.empty();

    /// @param group the target of kill(2) for all processes of the child
    /// @param descriptors the owner of the pipes
    ChildProcess(int pid, int group, PidFd pidfd, ChildDescriptors descriptors) {
        this.pid = pid;
        this.group = group;
        this.pidfd = pidfd;
        this.stdin = descriptors.takePipe(0);
        this.stdout = descriptors.takePipe(1);
        this.stderr = descriptors.takePipe(2);
    }

    /// Creates a builder for a command.
    ///
    /// @param command the program and its arguments
    /// @return a new builder
    /// @throws IllegalArgumentException if the command is empty, or a string has a zero character, or one that the
    ///     encoding of the system lacks
    public static ChildProcessBuilder builder(String... command) {
        return builder(List.of(command));
    }

    /// Creates a builder for a command.
    ///
    /// @param command the program and its arguments
    /// @return a new builder
    /// @throws IllegalArgumentException if the command is empty, or a string has a zero character, or one that the
    ///     encoding of the system lacks
    public static ChildProcessBuilder builder(List<String> command) {
        return new ChildProcessBuilder(command);
    }

    /// Returns the number of the child. After [#close], the number can be reused.
    ///
    /// @return the number
    public long pid() {
        return pid;
    }

    /// Returns the descriptor of the child, which is readable from its end on. [#close] closes it, and reaps the child:
    /// do not call [PidFd#reap].
    ///
    /// @return the descriptor
    public PidFd pidfd() {
        return pidfd;
    }

    /// Returns the writing end of the pipe to the child's standard input. Close it to end the input.
    ///
    /// @return the pipe, blocking at both ends
    /// @throws IllegalStateException if the stream is no pipe
    public PipeFd stdin() {
        return requirePipe(stdin, "stdin");
    }

    /// Returns the reading end of the pipe from the child's standard output. It is at its end when all processes that
    /// have the other end, the child and its own children, have closed it.
    ///
    /// @return the pipe, blocking at both ends
    /// @throws IllegalStateException if the stream is no pipe
    public PipeFd stdout() {
        return requirePipe(stdout, "stdout");
    }

    /// Returns the reading end of the pipe from the child's standard error.
    ///
    /// @return the pipe, blocking at both ends
    /// @throws IllegalStateException if the stream is no pipe
    public PipeFd stderr() {
        return requirePipe(stderr, "stderr");
    }

    private PipeFd requirePipe(@Nullable PipeFd pipe, String name) {
        if (pipe == null) {
            throw new IllegalStateException(name + " of process " + pid + " is no pipe");
        }
        return pipe;
    }

    /// Returns the exit status of the child, or 128 plus the number of the signal that killed it, as shells and
    /// [Process] do. May be called again, also after [#close].
    ///
    /// @return the value; empty while the child runs or is stopped
    /// @throws NativeIOException ECHILD if other code of this process has reaped the child
    public OptionalInt exitValue() throws IOException {
        lock.lock();
        try {
            if (reaped) {
                return exitValue;
            }
            Siginfo info = new Siginfo();
            return toExitValue(info, waitid(pid, info, WITHOUT_REAPING), WITHOUT_REAPING);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the child ends. A virtual thread parks.
    ///
    /// The child may not end while a pipe to it is full that this process does not read.
    ///
    /// @param timeout the longest wait; null for no limit; zero or negative not to wait. The call never returns early
    /// @return the value of [#exitValue]; empty after the timeout
    /// @throws InterruptedException if the thread is interrupted
    /// @throws AsynchronousCloseException if [#pidfd] is closed during the wait
    /// @throws IllegalArgumentException if [#pidfd] was closed and the child not reaped: by the program, or by a failed
    ///     [#close]
    /// @throws NativeIOException as for [Await#readable], and ECHILD if other code of this process has reaped the child
    public OptionalInt waitFor(@Nullable Duration timeout) throws IOException, InterruptedException {
        long nanos = Deadline.nanos(timeout);
        long start = Deadline.start(nanos);
        OptionalInt value = exitValue();
        while (value.isEmpty() && !isReaped()) {
            long left = Deadline.remaining(nanos, start);
            boolean ended = awaitEnd(left);
            value = exitValue();
            if (value.isPresent() || !ended || left == 0) {
                break;
            }
            LockSupport.parkNanos(RETRY_NANOS); // a debugger of the child has not noticed its end
        }
        return value;
    }

    /// Waits until the child has ended, or was reaped.
    private boolean awaitEnd(long nanos) throws IOException, InterruptedException {
        try {
            return Await.readable(pidfd, Duration.ofNanos(nanos));
        } catch (AsynchronousCloseException | IllegalArgumentException e) {
            if (isReaped()) {
                return true;
            }
            throw e;
        }
    }

    /// Sends a signal to the child, never to another process. Has no effect if the child has ended.
    ///
    /// @param name the name of the signal, such as `SIGINT`
    /// @throws IllegalArgumentException if there is no such signal
    /// @throws NativeIOException ESRCH after [#close]; EPERM if the child has the identity of another user
    public void sendSignal(String name) throws IOException {
        lock.lock();
        try {
            int result = kill(pid, Signals.number(name));
            if (result != -Errno.EPERM || exitValue().isEmpty()) {
                check(result, pid, name);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Sends a signal to all processes of the child's group, also after the end of the child itself.
    ///
    /// @param name the name of the signal, such as `SIGINT`
    /// @throws IllegalArgumentException if there is no such signal
    /// @throws IllegalStateException if the child is in the group of this process, see
    ///     [ChildProcessBuilder.Group#INHERITED]
    /// @throws NativeIOException ESRCH after [#close], or if no process belongs to the group; EPERM if all processes of
    ///     the group have the identity of another user
    public void sendSignalToGroup(String name) throws IOException {
        if (group == pid) {
            throw new IllegalStateException("process " + pid + " is in the group of this process");
        }
        check(kill(group, Signals.number(name)), group, name);
    }

    /// Ends the child: sends SIGTERM and SIGCONT to all processes of its group, waits for the end of the child, and
    /// sends SIGKILL if it has not ended in time. In the group of this process, only the child gets the signals. Other
    /// processes of the group that survive SIGTERM go on until [#close]. Has no effect if the child has ended.
    ///
    /// @param timeout the time between the signals; zero or negative to send SIGKILL at once
    /// @return the value of [#exitValue]
    /// @throws InterruptedException if the thread is interrupted; the child may not have ended then
    /// @throws NativeIOException EPERM if the child has the identity of another user, and as for [#waitFor]
    public OptionalInt terminate(Duration timeout) throws IOException, InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        if (exitValue().isEmpty()) {
            kill(group, Signals.number("SIGTERM"));
            kill(group, Signals.number("SIGCONT")); // a stopped process does not get the first signal
            if (waitFor(timeout).isEmpty()) {
                killAll();
            }
        }
        return waitFor(null);
    }

    /// Sends a signal, unless the child was reaped.
    ///
    /// @return 0 or `-errno`
    private int kill(int target, int signal) {
        lock.lock();
        try {
            boolean isOurs = !reaped && waitid(pid, new Siginfo(), WITHOUT_REAPING) != -ECHILD;
            return isOurs ? LinuxProcesses.kill(ErrnoCapture.current(), target, signal) : -Errno.ESRCH;
        } finally {
            lock.unlock();
        }
    }

    private static void check(int result, int target, String name) throws NativeIOException {
        SystemCall.check(result, () -> "kill(" + target + ", " + name + ")");
    }

    /// Kills the group, and the child, which may have left its group.
    ///
    /// @throws NativeIOException if the child runs and cannot be killed
    private void killAll() throws IOException {
        lock.lock();
        try {
            int signal = Signals.number("SIGKILL");
            kill(group, signal);
            int result = kill(pid, signal);
            if (result != -Errno.ESRCH && exitValue().isEmpty()) {
                check(result, pid, "SIGKILL");
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isReaped() {
        lock.lock();
        try {
            return reaped;
        } finally {
            lock.unlock();
        }
    }

    /// Returns the number of the process.
    @Override
    public String toString() {
        return "ChildProcess[pid=" + pid + "]";
    }

    /// Kills the child and all processes of its group, reaps the child, and closes the descriptors. In the group of
    /// this process, only the child is killed. Waits for the end of the child, which follows at once, unless the kernel
    /// waits for a device on its behalf or a debugger holds the child. A virtual thread keeps its carrier during the
    /// call.
    ///
    /// @throws NativeIOException EPERM if the child runs and has the identity of another user. The descriptors are
    ///     closed nevertheless, and this method may be called again
    @Override
    public void close() throws IOException {
        try (pidfd;
                stderr;
                stdout;
                stdin) {
            lock.lock();
            try {
                if (!reaped) {
                    killAll();
                    exitValue = reap();
                    reaped = true;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Waits for the end of the child and reaps it.
    ///
    /// @return its exit value; empty if other code has reaped it
    private OptionalInt reap() throws IOException {
        Siginfo info = new Siginfo();
        int result = waitid(pid, info, 0);
        return result == -ECHILD ? OptionalInt.empty() : toExitValue(info, result, 0);
    }

    /// Calls waitid(2) for the end of a child.
    ///
    /// @param options flags besides WEXITED
    /// @return 0 or `-errno`
    static int waitid(int pid, Siginfo info, int options) {
        int result;
        do {
            result = LinuxProcesses.waitid(
                    ErrnoCapture.current(), LinuxProcesses.P_PID, pid, info, LinuxProcesses.WEXITED | options);
        } while (result == -Errno.EINTR);
        return result;
    }

    private OptionalInt toExitValue(Siginfo info, int result, int options) throws IOException {
        SystemCall.check(
                result, () -> "waitid(P_PID, " + pid + ", WEXITED" + (options == 0 ? "" : "|WNOHANG|WNOWAIT") + ")");
        return info.exitValue();
    }
}
