package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxProcesses;
import io.selectors4j.internal.linux.Siginfo;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// A child process started by native code: the virtual machine does not know it and does not reap it.
public final class NativeChild implements AutoCloseable {

    private static final MethodHandle POSIX_SPAWN = Downcalls.link(
            "posix_spawn", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle INIT_ACTIONS =
            Downcalls.link("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle ADD_DUP2 = Downcalls.link(
            "posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle DESTROY_ACTIONS =
            Downcalls.link("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle KILL =
            Downcalls.link("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final int SIGKILL = 9;
    private static final int P_PID = 1; // linux/wait.h

    private final int pid;

    private NativeChild(int pid) {
        this.pid = pid;
    }

    /// Starts a shell.
    ///
    /// @param script the commands
    public static NativeChild sh(String script) {
        return sh(script, 0);
    }

    /// Starts a shell.
    ///
    /// @param script the commands
    /// @param stdin the descriptor that becomes its standard input, also one that is close-on-exec
    public static NativeChild sh(String script, int stdin) {
        ErrnoCapture state = ErrnoCapture.current();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pid = arena.allocate(JAVA_INT);
            MemorySegment path = arena.allocateFrom("/bin/sh");
            MemorySegment argv = arena.allocate(ADDRESS, 4);
            argv.setAtIndex(ADDRESS, 0, path);
            argv.setAtIndex(ADDRESS, 1, arena.allocateFrom("-c"));
            argv.setAtIndex(ADDRESS, 2, arena.allocateFrom(script));
            MemorySegment envp = arena.allocate(ADDRESS, 2);
            envp.setAtIndex(ADDRESS, 0, arena.allocateFrom("PATH=/usr/bin:/bin"));
            int error = spawn(state, pid, path, stdin, argv, envp);
            if (error != 0) {
                throw new AssertionError("posix_spawn: " + Libc.strerror(error));
            }
            return new NativeChild(pid.get(JAVA_INT, 0));
        }
    }

    private static int spawn(
            ErrnoCapture state,
            MemorySegment pid,
            MemorySegment path,
            int stdin,
            MemorySegment argv,
            MemorySegment envp) {
        MemorySegment none = MemorySegment.NULL;
        MemorySegment errno = state.segment();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(256, 8); // 80 bytes with glibc and musl
            int error = (int) INIT_ACTIONS.invokeExact(errno, actions);
            if (error == 0) {
                error = (int) ADD_DUP2.invokeExact(errno, actions, stdin, 0);
            }
            if (error == 0) {
                error = (int) POSIX_SPAWN.invokeExact(errno, pid, path, actions, none, argv, envp);
            }
            int _ = (int) DESTROY_ACTIONS.invokeExact(errno, actions);
            return error;
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_spawn", t);
        }
    }

    /// Returns the process id.
    public int pid() {
        return pid;
    }

    /// Returns whether a process, possibly a zombie, has the id.
    public static boolean exists(long pid) {
        return Files.exists(Path.of("/proc/" + pid));
    }

    /// Kills and reaps the child, unless it was reaped before.
    @Override
    public void close() {
        ErrnoCapture state = ErrnoCapture.current();
        // waitid finds only our own child, so no other process with the same id is killed.
        if (LinuxProcesses.waitid(
                        state,
                        P_PID,
                        pid,
                        new Siginfo(),
                        LinuxProcesses.WEXITED | LinuxProcesses.WNOHANG | LinuxProcesses.WNOWAIT)
                == 0) {
            kill(state);
            LinuxProcesses.waitid(state, P_PID, pid, new Siginfo(), LinuxProcesses.WEXITED);
        }
    }

    private void kill(ErrnoCapture state) {
        try {
            int _ = (int) KILL.invokeExact(state.segment(), pid, SIGKILL);
        } catch (Throwable t) {
            throw Downcalls.rethrow("kill", t);
        }
    }
}
