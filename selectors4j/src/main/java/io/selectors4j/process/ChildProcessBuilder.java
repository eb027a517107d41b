package io.selectors4j.process;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxProcesses;
import io.selectors4j.internal.linux.LinuxSpawn;
import io.selectors4j.internal.linux.Siginfo;
import io.selectors4j.internal.linux.SpawnAttributes;
import io.selectors4j.internal.linux.SpawnFileActions;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Signals;
import io.selectors4j.internal.posix.StringArray;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Creates a [ChildProcess]. A builder can start several children. It is not safe for use by several threads.
///
/// Source: posix_spawn(3).
public final class ChildProcessBuilder {

    /// The process group of a child.
    public enum Group {
        /// The child leads a new group in the session of this process. In a terminal, the group is in the background:
        /// the child does not get SIGINT from the keyboard, and SIGTTIN stops it if it reads the terminal.
        NEW(LinuxSpawn.POSIX_SPAWN_SETPGROUP),

        /// The child leads a new group in a new session, which has no terminal.
        NEW_SESSION(LinuxSpawn.POSIX_SPAWN_SETSID),

        /// The child is in the group of this process. A terminal treats both alike.
        INHERITED(0);

        private final int flags;

        Group(int flags) {
            this.flags = flags;
        }

        /// Returns flags of `posix_spawnattr_setflags`.
        int flags() {
            return flags;
        }
    }

    /// The other side of a standard stream of a child.
    public static final class Redirect {

        /// A pipe whose other end this process has: [ChildProcess#stdin], [ChildProcess#stdout],
        /// [ChildProcess#stderr].
        public static final Redirect PIPE = new Redirect(Kind.PIPE, null);

        /// The same stream of this process.
        public static final Redirect INHERIT = new Redirect(Kind.INHERIT, null);

        /// `/dev/null`: the input is at its end, and the output is discarded.
        public static final Redirect DEVNULL = new Redirect(Kind.DEVNULL, null);

        /// For [#stderr]: the standard output of the child.
        public static final Redirect STDOUT = new Redirect(Kind.STDOUT, null);

        static final Redirect TERMINAL = new Redirect(Kind.TERMINAL, null);

        /// The kind of a redirect.
        enum Kind {
            PIPE,
            INHERIT,
            DEVNULL,
            STDOUT,
            /// The controlling terminal, which the child opens.
            TERMINAL,
            /// A descriptor of this process.
            FD
        }

        private final Kind kind;
        private final @Nullable Fd fd;

        private Redirect(Kind kind, @Nullable Fd fd) {
            this.kind = kind;
            this.fd = fd;
        }

        /// Returns a redirect to a descriptor of any kind: a pipe, file, socket or terminal. The caller still owns the
        /// descriptor, and closes it if only the child is to have it. Both share its blocking mode.
        ///
        /// @param fd the descriptor
        /// @return a redirect
        public static Redirect of(Fd fd) {
            return new Redirect(Kind.FD, Objects.requireNonNull(fd, "fd"));
        }

        Kind kind() {
            return kind;
        }

        /// Returns the descriptor of [Kind#FD].
        Fd fd() {
            return Objects.requireNonNull(fd);
        }

        @Override
        public String toString() {
            return fd == null ? kind.name() : fd.toString();
        }
    }

    private final StringArray command;
    private final List<Redirect> streams = new ArrayList<>(List.of(Redirect.PIPE, Redirect.PIPE, Redirect.PIPE));
    private final List<Fd> passed = new ArrayList<>();
    private @Nullable StringArray environment;
    private @Nullable CString directory;
    private @Nullable Path terminal;
    private Group group = Group.NEW;

    ChildProcessBuilder(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command has no program: " + command);
        }
        this.command = strings(command);
    }

    private static StringArray strings(List<String> texts) {
        return new StringArray(texts.stream().map(ChildProcessBuilder::string).toList());
    }

    private static CString string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero character in \"" + text + "\"");
        }
        CString encoded = new CString(text);
        if (!encoded.text().equals(text)) {
            throw new IllegalArgumentException("the encoding of the system (sun.jnu.encoding="
                    + System.getProperty("sun.jnu.encoding") + ") lacks a character of \"" + text + "\"");
        }
        return encoded;
    }

    /// Sets the environment of the child. The default is the environment of this process, as the C library has it:
    /// without the variables that [io.selectors4j.fd.Systemd#listenFds] has removed. The program is always looked up in
    /// the PATH of this process.
    ///
    /// @param variables all variables
    /// @return this builder
    /// @throws IllegalArgumentException if a name is empty or has an equals sign, or a string has a zero character, or
    ///     one that the encoding of the system lacks
    public ChildProcessBuilder environment(Map<String, String> variables) {
        List<String> texts = new ArrayList<>(variables.size());
        variables.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException("no name of a variable: \"" + name + "\"");
            }
            texts.add(name + "=" + Objects.requireNonNull(value, name));
        });
        environment = strings(texts);
        return this;
    }

    /// Sets the working directory of the child. The default is the one of this process. The name of a program with a
    /// slash that is not absolute is looked up there.
    ///
    /// @param path the directory
    /// @return this builder
    /// @throws UnsupportedOperationException if the path does not belong to the default file system
    public ChildProcessBuilder directory(Path path) {
        directory = PathNames.encode(path);
        return this;
    }

    /// Sets the standard input of the child. The default is [Redirect#PIPE].
    ///
    /// @param redirect the other side
    /// @return this builder
    /// @throws IllegalArgumentException for [Redirect#STDOUT]
    public ChildProcessBuilder stdin(Redirect redirect) {
        return set(0, requireNoStdout(redirect));
    }

    /// Sets the standard output of the child. The default is [Redirect#PIPE].
    ///
    /// @param redirect the other side
    /// @return this builder
    /// @throws IllegalArgumentException for [Redirect#STDOUT]
    public ChildProcessBuilder stdout(Redirect redirect) {
        return set(1, requireNoStdout(redirect));
    }

    /// Sets the standard error of the child. The default is [Redirect#PIPE].
    ///
    /// @param redirect the other side
    /// @return this builder
    public ChildProcessBuilder stderr(Redirect redirect) {
        return set(2, redirect);
    }

    private static Redirect requireNoStdout(Redirect redirect) {
        if (redirect.kind() == Redirect.Kind.STDOUT) {
            throw new IllegalArgumentException("only stderr can be redirected to STDOUT");
        }
        return redirect;
    }

    private ChildProcessBuilder set(int stream, Redirect redirect) {
        streams.set(stream, Objects.requireNonNull(redirect, "redirect"));
        return this;
    }

    /// Passes a descriptor to the child, besides the standard streams: the first one gets the number 3 there, the next
    /// one 4, and so on. The caller still owns the descriptor. Both share its blocking mode.
    ///
    /// @param fd the descriptor
    /// @return this builder
    public ChildProcessBuilder pass(Fd fd) {
        passed.add(Objects.requireNonNull(fd, "fd"));
        return this;
    }

    /// Sets the process group of the child. The default is [Group#NEW].
    ///
    /// @param processGroup the group
    /// @return this builder
    public ChildProcessBuilder group(Group processGroup) {
        group = Objects.requireNonNull(processGroup, "processGroup");
        return this;
    }

    /// Gives the child a terminal: sets [Group#NEW_SESSION] with this controlling terminal, and the terminal as its
    /// three standard streams. These can be redirected afterwards. In another group, it is not the controlling
    /// terminal.
    ///
    /// @param path the path of the terminal, as [io.selectors4j.tty.PtyFd#path]; not the controlling terminal of
    ///     another session
    /// @return this builder
    /// @throws UnsupportedOperationException if the path does not belong to the default file system
    public ChildProcessBuilder terminal(Path path) {
        PathNames.requireDefault(path);
        terminal = path;
        group = Group.NEW_SESSION;
        streams.replaceAll(_ -> Redirect.TERMINAL);
        return this;
    }

    /// Starts a child. Waits until the child has executed the program, and does not wait for its end. A virtual thread
    /// keeps its carrier during the call.
    ///
    /// Several threads may start children at the same time. If the system refuses the descriptor of the child, since
    /// another thread has taken the last one meanwhile, the program may have run before it was killed. With a C library
    /// that lacks `posix_spawn_file_actions_addclosefrom_np` (glibc before 2.34, musl), the child also inherits
    /// descriptors without close-on-exec that another thread opens during this call.
    ///
    /// @return the child
    /// @throws UnsupportedOperationException if this is not Linux, or if a descriptor is a batched socket, see
    ///     [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if a descriptor is closed
    /// @throws NativeIOException if the system refuses: ENOENT if there is no such program, interpreter, directory or
    ///     terminal; EACCES if the program is not executable; ENOEXEC if it is neither a binary nor begins with `#!`;
    ///     ETXTBSY if a process has it open for writing; E2BIG if the arguments and the environment are too long;
    ///     ENOTTY if the terminal is none; EBADF if an inherited stream is closed; EAGAIN at a limit of processes;
    ///     EMFILE or ENFILE at a limit of open files; ENOSYS before Linux 5.3, or for a directory with glibc before
    ///     2.29
    public ChildProcess start() throws IOException {
        LinuxOnly.require("ChildProcess", "ProcessBuilder starts processes on all systems");
        SigchldAction.ensureNotIgnored();
        ChildProcess child = null;
        try (ChildDescriptors descriptors = new ChildDescriptors(passed.size());
                PidFd reserved = PidFd.open(ProcessHandle.current().pid())) { // refuses an old kernel before the start
            descriptors.open(streams, passed, terminal);
            int pid = spawn(descriptors);
            int target = group == Group.INHERITED ? pid : -pid;
            child = new ChildProcess(pid, target, openPidfd(pid, target, reserved), descriptors);
        } catch (Throwable t) {
            end(child, t);
            throw t;
        }
        return child;
    }

    /// Ends a child that was started before a failure.
    private static void end(@Nullable ChildProcess child, Throwable failure) {
        try (child) {
            // closes it, if there is one
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private int spawn(ChildDescriptors descriptors) throws IOException {
        ErrnoCapture state = ErrnoCapture.current();
        SpawnFileActions actions = new SpawnFileActions();
        check(LinuxSpawn.posix_spawn_file_actions_init(state, actions), "posix_spawn_file_actions_init()");
        try {
            addActions(state, actions, descriptors);
            SpawnAttributes attributes = new SpawnAttributes();
            check(LinuxSpawn.posix_spawnattr_init(state, attributes), "posix_spawnattr_init()");
            try {
                setAttributes(state, attributes);
                Ints pid = new Ints(0);
                check(
                        LinuxSpawn.posix_spawnp(state, pid, command.get(0), actions, attributes, command, environment),
                        "posix_spawnp(" + command.get(0).text()
                                + (directory == null ? ")" : ", directory=" + directory.text() + ")"));
                return pid.get(0);
            } finally {
                LinuxSpawn.posix_spawnattr_destroy(state, attributes);
            }
        } finally {
            LinuxSpawn.posix_spawn_file_actions_destroy(state, actions);
        }
    }

    private static void check(int result, String call) throws NativeIOException {
        SystemCall.check(result, () -> call);
    }

    private void setAttributes(ErrnoCapture state, SpawnAttributes attributes) throws IOException {
        int flags = group.flags() | LinuxSpawn.POSIX_SPAWN_SETSIGMASK;
        check(LinuxSpawn.posix_spawnattr_setflags(state, attributes, flags), "posix_spawnattr_setflags(" + flags + ")");
        check(
                LinuxSpawn.posix_spawnattr_setsigmask(state, attributes, new SigSet(0)),
                "posix_spawnattr_setsigmask(empty)");
    }

    /// Adds the actions of the child on its descriptors, in their order.
    private void addActions(ErrnoCapture state, SpawnFileActions actions, ChildDescriptors descriptors)
            throws IOException {
        int count = descriptors.count();
        if (terminal != null) {
            // Opening a terminal makes it the controlling one of a session without.
            check(
                    LinuxSpawn.posix_spawn_file_actions_addopen(
                            state, actions, count, PathNames.encode(terminal), Constants.O_RDWR, 0),
                    "posix_spawn_file_actions_addopen(" + count + ", " + terminal + ")");
        }
        for (int number = 0; number < count; number++) {
            int source = descriptors.source(number);
            check(
                    LinuxSpawn.posix_spawn_file_actions_adddup2(state, actions, source, number),
                    "posix_spawn_file_actions_adddup2(" + source + ", " + number + ")");
        }
        if (directory != null) {
            check(
                    LinuxSpawn.posix_spawn_file_actions_addchdir_np(state, actions, directory),
                    "posix_spawn_file_actions_addchdir_np(" + directory.text() + ")");
        }
        int result = LinuxSpawn.posix_spawn_file_actions_addclosefrom_np(state, actions, count);
        if (result == -Errno.ENOSYS) {
            for (int fd : descriptors.others()) {
                check(
                        LinuxSpawn.posix_spawn_file_actions_addclose(state, actions, fd),
                        "posix_spawn_file_actions_addclose(" + fd + ")");
            }
        } else {
            check(result, "posix_spawn_file_actions_addclosefrom_np(" + count + ")");
        }
    }

    /// Opens the descriptor of a new child, and ends the child after a failure.
    ///
    /// @param reserved another descriptor, whose place it takes
    private static PidFd openPidfd(int pid, int target, PidFd reserved) throws IOException {
        try {
            reserved.close();
            return PidFd.open(pid);
        } catch (Throwable t) {
            ErrnoCapture state = ErrnoCapture.current();
            LinuxProcesses.kill(state, target, Signals.number("SIGKILL"));
            LinuxProcesses.kill(state, pid, Signals.number("SIGKILL")); // it may have left its group
            ChildProcess.waitid(pid, new Siginfo(), 0);
            throw t;
        }
    }
}
