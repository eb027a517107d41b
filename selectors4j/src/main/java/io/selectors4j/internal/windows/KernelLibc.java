package io.selectors4j.internal.windows;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// Functions of kernel32 on handles, which a socket is one of.
public final class KernelLibc {

    private static final int HANDLE_FLAG_INHERIT = 1;

    private static final SymbolLookup KERNEL32 =
            Downcalls.library("kernel32").orElseThrow(() -> new UnsatisfiedLinkError("kernel32.dll was not loaded"));

    private KernelLibc() {}

    private static final class Information {
        static final MethodHandle HANDLE = Downcalls.link(
                KERNEL32, "SetHandleInformation", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    }

    /// `BOOL SetHandleInformation(HANDLE hObject, DWORD dwMask, DWORD dwFlags);`
    ///
    /// Child processes do not inherit the handle any more.
    ///
    /// @return 0 if it failed
    public static int SetHandleInformation(ErrnoCapture state, int handle) {
        try {
            return (int) Information.HANDLE.invokeExact(state.segment(), (long) handle, HANDLE_FLAG_INHERIT, 0);
        } catch (Throwable t) {
            throw Downcalls.rethrow("SetHandleInformation", t);
        }
    }

    private static final class Cancel {
        static final MethodHandle HANDLE =
                Downcalls.link(KERNEL32, "CancelIoEx", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
    }

    /// `BOOL CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped);`
    ///
    /// Ends the calls on a handle that wait in any thread of the process.
    ///
    /// @return 0 if there were none
    public static int CancelIoEx(ErrnoCapture state, int handle) {
        try {
            return (int) Cancel.HANDLE.invokeExact(state.segment(), (long) handle, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Downcalls.rethrow("CancelIoEx", t);
        }
    }
}
