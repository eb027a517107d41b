package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// What waitid(2) says of a child: the part of the union that belongs to SIGCHLD.
///
/// ```c
/// typedef struct {
///     int   si_signo;   // 0
///     int   si_errno;   // 4
///     int   si_code;    // 8
///                       // 12: the union holds pointers
///     pid_t si_pid;     // 16
///     uid_t si_uid;     // 20
///     int   si_status;  // 24
///     ...
/// } siginfo_t;          // 128 bytes
/// ```
///
/// From asm-generic/siginfo.h, which holds on every architecture of [io.selectors4j.internal.ffi.Platform.Arch]; only
/// MIPS has `si_code` before `si_errno`.
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

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT.byteSize(), Long.BYTES);

    /// How the child ended.
    ///
    /// @return a CLD_* number
    public int code() {
        return segment.get(ValueLayout.JAVA_INT, SI_CODE);
    }

    /// Which child ended.
    ///
    /// @return its number; 0 if none did
    public int pid() {
        return segment.get(ValueLayout.JAVA_INT, SI_PID);
    }

    /// What the child ended with.
    ///
    /// @return the status of its exit, or the number of the signal that killed it
    public int status() {
        return segment.get(ValueLayout.JAVA_INT, SI_STATUS);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
