package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.StringArray;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The functions of spawn.h; the same rules as in [LinuxLibc]. They return an error instead of setting errno: these
/// methods return 0 or `-error`.
public final class LinuxSpawn {

    // spawn.h, the same with glibc and musl
    public static final int POSIX_SPAWN_SETPGROUP = 0x02;
    public static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    public static final int POSIX_SPAWN_SETSID = 0x80;

    private LinuxSpawn() {}

    private static final class PosixSpawnp {
        static final MethodHandle HANDLE = Downcalls.link(
                "posix_spawnp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

        /// `extern char **environ;`
        static final MemorySegment ENVIRON = Downcalls.variable("environ");
    }

    /// `int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *file_actions, const
    /// posix_spawnattr_t *attrp, char *const argv[], char *const envp[]);`
    ///
    /// @param envp the environment; null for the one of this process: `environ`
    public static int posix_spawnp(
            ErrnoCapture state,
            Ints pid,
            CString file,
            SpawnFileActions actions,
            SpawnAttributes attr,
            StringArray argv,
            @Nullable StringArray envp) {
        MemorySegment environment = envp == null ? Downcalls.pointer(PosixSpawnp.ENVIRON) : envp.segment();
        try {
            return -Memory.keepAlive(
                    (int) PosixSpawnp.HANDLE.invokeExact(
                            state.segment(),
                            pid.segment(),
                            file.segment(),
                            actions.segment(),
                            attr.segment(),
                            argv.segment(),
                            environment),
                    argv,
                    envp); // they have addresses of strings
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawnp", t);
        }
    }

    private static final class PosixSpawnFileActionsInit {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /// `int posix_spawn_file_actions_init(posix_spawn_file_actions_t *file_actions);`
    public static int posix_spawn_file_actions_init(ErrnoCapture state, SpawnFileActions actions) {
        try {
            return -Memory.keepAlive(
                    (int) (long) PosixSpawnFileActionsInit.HANDLE.invokeExact(
                            state.segment(), Memory.address(actions), 0L, 0L, 0L),
                    actions);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn_file_actions_init", t);
        }
    }

    private static final class PosixSpawnFileActionsDestroy {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /// `int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *file_actions);`
    public static int posix_spawn_file_actions_destroy(ErrnoCapture state, SpawnFileActions actions) {
        try {
            return -Memory.keepAlive(
                    (int) (long) PosixSpawnFileActionsDestroy.HANDLE.invokeExact(
                            state.segment(), Memory.address(actions), 0L, 0L, 0L),
                    actions);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn_file_actions_destroy", t);
        }
    }

    private static final class PosixSpawnFileActionsAdddup2 {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs(
                "posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    /// `int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *file_actions, int fd, int newfd);`
    public static int posix_spawn_file_actions_adddup2(
            ErrnoCapture state, SpawnFileActions actions, int fd, int newfd) {
        try {
            return -Memory.keepAlive(
                    (int) (long) PosixSpawnFileActionsAdddup2.HANDLE.invokeExact(
                            state.segment(), Memory.address(actions), (long) fd, (long) newfd, 0L),
                    actions);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn_file_actions_adddup2", t);
        }
    }

    private static final class PosixSpawnFileActionsAddclose {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs(
                "posix_spawn_file_actions_addclose", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// `int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *file_actions, int fd);`
    public static int posix_spawn_file_actions_addclose(ErrnoCapture state, SpawnFileActions actions, int fd) {
        try {
            return -Memory.keepAlive(
                    (int) (long) PosixSpawnFileActionsAddclose.HANDLE.invokeExact(
                            state.segment(), Memory.address(actions), (long) fd, 0L, 0L),
                    actions);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn_file_actions_addclose", t);
        }
    }

    private static final class PosixSpawnFileActionsAddopen {
        static final MethodHandle HANDLE = Downcalls.link(
                "posix_spawn_file_actions_addopen",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    /// `int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *file_actions, int fd, const char *path, int
    /// oflag, mode_t mode);`
    public static int posix_spawn_file_actions_addopen(
            ErrnoCapture state, SpawnFileActions actions, int fd, CString path, int oflag, int mode) {
        try {
            return -(int) PosixSpawnFileActionsAddopen.HANDLE.invokeExact(
                    state.segment(), actions.segment(), fd, path.segment(), oflag, mode);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn_file_actions_addopen", t);
        }
    }

    private static final class PosixSpawnFileActionsAddchdirNp {
        static final @Nullable MethodHandle HANDLE = Downcalls.linkIfPresent(
                        "posix_spawn_file_actions_addchdir_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
                .orElse(null);
    }

    /// `int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *file_actions, const char *path);` glibc
    /// has it since 2.29, and musl has it.
    ///
    /// Returns `-ENOSYS` if the C library lacks the function.
    public static int posix_spawn_file_actions_addchdir_np(ErrnoCapture state, SpawnFileActions actions, CString path) {
        MethodHandle handle = PosixSpawnFileActionsAddchdirNp.HANDLE;
        if (handle == null) {
            return -Errno.ENOSYS;
        }
        try {
            return -(int) handle.invokeExact(state.segment(), actions.segment(), path.segment());
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn_file_actions_addchdir_np", t);
        }
    }

    private static final class PosixSpawnFileActionsAddclosefromNp {
        static final @Nullable MethodHandle HANDLE = Downcalls.linkIfPresent(
                        "posix_spawn_file_actions_addclosefrom_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT))
                .orElse(null);
    }

    /// `int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *file_actions, int from);` glibc has it
    /// since 2.34; musl lacks it.
    ///
    /// Returns `-ENOSYS` if the C library lacks the function.
    public static int posix_spawn_file_actions_addclosefrom_np(ErrnoCapture state, SpawnFileActions actions, int from) {
        MethodHandle handle = PosixSpawnFileActionsAddclosefromNp.HANDLE;
        if (handle == null) {
            return -Errno.ENOSYS;
        }
        try {
            return -(int) handle.invokeExact(state.segment(), actions.segment(), from);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn_file_actions_addclosefrom_np", t);
        }
    }

    private static final class PosixSpawnattrInit {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("posix_spawnattr_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /// `int posix_spawnattr_init(posix_spawnattr_t *attr);`
    public static int posix_spawnattr_init(ErrnoCapture state, SpawnAttributes attr) {
        try {
            return -Memory.keepAlive(
                    (int) (long)
                            PosixSpawnattrInit.HANDLE.invokeExact(state.segment(), Memory.address(attr), 0L, 0L, 0L),
                    attr);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawnattr_init", t);
        }
    }

    private static final class PosixSpawnattrDestroy {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("posix_spawnattr_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /// `int posix_spawnattr_destroy(posix_spawnattr_t *attr);`
    public static int posix_spawnattr_destroy(ErrnoCapture state, SpawnAttributes attr) {
        try {
            return -Memory.keepAlive(
                    (int) (long)
                            PosixSpawnattrDestroy.HANDLE.invokeExact(state.segment(), Memory.address(attr), 0L, 0L, 0L),
                    attr);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawnattr_destroy", t);
        }
    }

    private static final class PosixSpawnattrSetflags {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    }

    /// `int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags);`
    public static int posix_spawnattr_setflags(ErrnoCapture state, SpawnAttributes attr, int flags) {
        try {
            return -Memory.keepAlive(
                    (int) (long) PosixSpawnattrSetflags.HANDLE.invokeExact(
                            state.segment(), Memory.address(attr), (long) flags, 0L, 0L),
                    attr);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawnattr_setflags", t);
        }
    }

    private static final class PosixSpawnattrSetsigmask {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("posix_spawnattr_setsigmask", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `int posix_spawnattr_setsigmask(posix_spawnattr_t *attr, const sigset_t *sigmask);`
    public static int posix_spawnattr_setsigmask(ErrnoCapture state, SpawnAttributes attr, SigSet sigmask) {
        try {
            return -Memory.keepAlive(
                    (int) (long) PosixSpawnattrSetsigmask.HANDLE.invokeExact(
                            state.segment(), Memory.address(attr), Memory.address(sigmask), 0L, 0L),
                    attr,
                    sigmask);
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawnattr_setsigmask", t);
        }
    }
}
