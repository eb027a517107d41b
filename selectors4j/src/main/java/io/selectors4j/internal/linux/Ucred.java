package io.selectors4j.internal.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The credentials of SO_PEERCRED: an array of three `int`.
///
/// ```c
/// struct ucred { pid_t pid;  // 0
///                uid_t uid;  // 4
///                gid_t gid; }; // 8 (12)
/// ```
public final class Ucred {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("pid"),
            ValueLayout.JAVA_INT.withName("uid"),
            ValueLayout.JAVA_INT.withName("gid"));

    /// The size in bytes.
    public static final int SIZE = (int) LAYOUT.byteSize();

    /// Index of the process ID in the array.
    public static final int PID = 0;

    /// Index of the user ID in the array.
    public static final int UID = 1;

    /// Index of the group ID in the array.
    public static final int GID = 2;

    private Ucred() {}
}
