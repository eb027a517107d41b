package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;

/// The `siginfo_t` that waitid(2) fills in: the members for SIGCHLD.
///
/// ```c
/// typedef struct {
///     int   si_signo;   // 0
///     int   si_errno;   // 4
///     int   si_code;    // 8
///                       // 12: padding, since the union contains pointers
///     pid_t si_pid;     // 16
///     uid_t si_uid;     // 20
///     int   si_status;  // 24
///     ...
/// } siginfo_t;          // 128 bytes
/// ```
///
/// Source: asm-generic/siginfo.h, which applies to every architecture of [io.selectors4j.internal.ffi.Platform.Arch].
/// Only MIPS has `si_code` before `si_errno`.
public final class Siginfo implements Memory {

    /// The struct.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("si_signo"),
            ValueLayout.JAVA_INT.withName("si_errno"),
            ValueLayout.JAVA_INT.withName("si_code"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.JAVA_INT.withName("si_pid"),
            ValueLayout.JAVA_INT.withName("si_uid"),
            ValueLayout.JAVA_INT.withName("si_status"),
            MemoryLayout.paddingLayout(100));

    private static final long SI_CODE = Layouts.offset(LAYOUT, "si_code");
    private static final long SI_PID = Layouts.offset(LAYOUT, "si_pid");
    private static final long SI_STATUS = Layouts.offset(LAYOUT, "si_status");

    private static final int SIGNALED = 128;

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT.byteSize(), Long.BYTES);

    /// Returns how the child ended: a CLD_* constant.
    public int code() {
        return segment.get(ValueLayout.JAVA_INT, SI_CODE);
    }

    /// Returns the process id of the child, or 0 if no child has ended.
    public int pid() {
        return segment.get(ValueLayout.JAVA_INT, SI_PID);
    }

    /// Returns the exit status, or the number of the signal that terminated the child.
    public int status() {
        return segment.get(ValueLayout.JAVA_INT, SI_STATUS);
    }

    /// Returns the exit status, or 128 plus the number of the signal that terminated the child, as shells and [Process]
    /// do; empty if no child has ended.
    public OptionalInt exitValue() {
        if (pid() == 0) {
            return OptionalInt.empty();
        }
        boolean exited = code() == LinuxProcesses.CLD_EXITED;
        return OptionalInt.of(exited ? status() : SIGNALED + status());
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
