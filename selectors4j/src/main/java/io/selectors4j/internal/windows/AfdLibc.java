package io.selectors4j.internal.windows;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.NativeAccess;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The functions of ntdll, kernel32 and ws2_32 that wait for sockets through AFD and an I/O completion port. They are
/// linked from a given lookup: the libraries of Windows, or the simulated AFD of a test.
///
/// A `HANDLE` and a `SOCKET` are a `long`. A function that returns an `NTSTATUS` returns it unchanged. Another function
/// returns its result, or the negative error code of its failure: `GetLastError`, which `WSAGetLastError` returns too.
public final class AfdLibc {

    /// Polls sockets: FSCTL_AFD_BASE << 12 | AFD_POLL << 2 | METHOD_BUFFERED.
    private static final int IOCTL_AFD_POLL = 0x00012024;

    /// Returns the handle of the base provider of a socket (mswsock.h).
    private static final int SIO_BASE_HANDLE = 0x48000022;

    /// No handle (handleapi.h).
    public static final long INVALID_HANDLE_VALUE = -1;

    private static final int ZERO = 0;

    // winnt.h, winternl.h
    private static final int SYNCHRONIZE = 0x00100000;
    private static final int FILE_SHARE_READ_WRITE = 0x3;
    private static final int FILE_OPEN = 0x1;

    /// Leaves the event of a handle alone when an operation completes (winbase.h).
    private static final int FILE_SKIP_SET_EVENT_ON_HANDLE = 0x2;

    private final MethodHandle createFile;
    private final MethodHandle deviceIoControlFile;
    private final MethodHandle cancelIoFileEx;
    private final MethodHandle createIoCompletionPort;
    private final MethodHandle setFileCompletionNotificationModes;
    private final MethodHandle getQueuedCompletionStatusEx;
    private final MethodHandle postQueuedCompletionStatus;
    private final MethodHandle closeHandle;
    private final MethodHandle wsaIoctl;

    /// Links the functions.
    ///
    /// @throws UnsatisfiedLinkError if one is missing
    public AfdLibc(SymbolLookup lookup) {
        createFile = Downcalls.link(
                lookup,
                "NtCreateFile",
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                        ADDRESS, JAVA_INT));
        deviceIoControlFile = Downcalls.link(
                lookup,
                "NtDeviceIoControlFile",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS,
                        JAVA_INT));
        cancelIoFileEx = Downcalls.link(
                lookup, "NtCancelIoFileEx", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
        createIoCompletionPort = Downcalls.link(
                lookup,
                "CreateIoCompletionPort",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
        setFileCompletionNotificationModes = Downcalls.link(
                lookup, "SetFileCompletionNotificationModes", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
        getQueuedCompletionStatusEx = Downcalls.link(
                lookup,
                "GetQueuedCompletionStatusEx",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        postQueuedCompletionStatus = Downcalls.link(
                lookup,
                "PostQueuedCompletionStatus",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS));
        closeHandle = Downcalls.link(lookup, "CloseHandle", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        wsaIoctl = Downcalls.link(
                lookup,
                "WSAIoctl",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS,
                        ADDRESS));
    }

    /// Returns the functions of Windows.
    ///
    /// @throws UnsupportedOperationException if this is another system, or native access is not enabled; the message
    ///     says why
    public static AfdLibc current() {
        String denial = NativeAccess.denial();
        if (denial != null) {
            throw new UnsupportedOperationException(denial);
        }
        if (Platform.CURRENT.os() != Platform.Os.WINDOWS) {
            throw new UnsupportedOperationException(missing(Platform.CURRENT));
        }
        return Current.LIBC;
    }

    /// Returns the message for a platform without AFD.
    public static String missing(Platform platform) {
        return "AFD is a facility of Windows, and this is " + platform;
    }

    /// Holder class, initialized on first use.
    private static final class Current {
        static final AfdLibc LIBC = new AfdLibc(Current::find);

        private static Optional<MemorySegment> find(String name) {
            for (String library : List.of("ntdll", "kernel32", "ws2_32")) {
                Optional<MemorySegment> found = Downcalls.library(library).flatMap(symbols -> symbols.find(name));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
    }

    /// `NTSTATUS NtCreateFile(HANDLE *FileHandle, ACCESS_MASK DesiredAccess, OBJECT_ATTRIBUTES *ObjectAttributes,
    /// IO_STATUS_BLOCK *IoStatusBlock, LARGE_INTEGER *AllocationSize, ULONG FileAttributes, ULONG ShareAccess, ULONG
    /// CreateDisposition, ULONG CreateOptions, void *EaBuffer, ULONG EaLength);` for an object that exists and that
    /// others may open too
    ///
    /// @param polls memory whose first `IO_STATUS_BLOCK` the kernel does not have
    public int NtCreateFile(ErrnoCapture state, HandleRef handle, ObjectAttributes attributes, AfdPolls polls) {
        try {
            return (int) createFile.invokeExact(
                    state.segment(),
                    handle.segment(),
                    SYNCHRONIZE,
                    attributes.segment(),
                    polls.statusBlock(0),
                    MemorySegment.NULL,
                    ZERO,
                    FILE_SHARE_READ_WRITE,
                    FILE_OPEN,
                    ZERO,
                    MemorySegment.NULL,
                    ZERO);
        } catch (Throwable t) {
            throw Downcalls.rethrow("NtCreateFile", t);
        }
    }

    /// `NTSTATUS NtDeviceIoControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine, void *ApcContext,
    /// IO_STATUS_BLOCK *IoStatusBlock, ULONG IoControlCode, void *InputBuffer, ULONG InputBufferLength, void
    /// *OutputBuffer, ULONG OutputBufferLength);` with IOCTL_AFD_POLL
    public int NtDeviceIoControlFile(ErrnoCapture state, long handle, AfdPolls polls, int index) {
        MemorySegment info = polls.info(index);
        try {
            return (int) deviceIoControlFile.invokeExact(
                    state.segment(),
                    handle,
                    0L,
                    MemorySegment.NULL,
                    polls.context(index),
                    polls.statusBlock(index),
                    IOCTL_AFD_POLL,
                    info,
                    (int) info.byteSize(),
                    info,
                    (int) info.byteSize());
        } catch (Throwable t) {
            throw Downcalls.rethrow("NtDeviceIoControlFile", t);
        }
    }

    /// `NTSTATUS NtCancelIoFileEx(HANDLE FileHandle, IO_STATUS_BLOCK *IoRequestToCancel, IO_STATUS_BLOCK
    /// *IoStatusBlock);`
    ///
    /// @param polls the poll to cancel is one of these; null to cancel all operations of the handle
    /// @param result receives the result of the cancellation; the kernel does not have its polls
    public int NtCancelIoFileEx(ErrnoCapture state, long handle, @Nullable AfdPolls polls, int index, AfdPolls result) {
        MemorySegment request = polls == null ? MemorySegment.NULL : polls.statusBlock(index);
        try {
            return (int) cancelIoFileEx.invokeExact(state.segment(), handle, request, result.statusBlock(0));
        } catch (Throwable t) {
            throw Downcalls.rethrow("NtCancelIoFileEx", t);
        }
    }

    /// `HANDLE CreateIoCompletionPort(HANDLE FileHandle, HANDLE ExistingCompletionPort, ULONG_PTR CompletionKey, DWORD
    /// NumberOfConcurrentThreads);`
    ///
    /// @param handle the handle to associate with the port, or [#INVALID_HANDLE_VALUE] for none
    /// @param port the port, or 0 for a new one
    public long CreateIoCompletionPort(ErrnoCapture state, long handle, long port, long key) {
        long result;
        try {
            result = (long) createIoCompletionPort.invokeExact(state.segment(), handle, port, key, ZERO);
        } catch (Throwable t) {
            throw Downcalls.rethrow("CreateIoCompletionPort", t);
        }
        return result == 0 ? state.valueOrErrno(-1) : result;
    }

    /// `BOOL SetFileCompletionNotificationModes(HANDLE FileHandle, UCHAR Flags);` with FILE_SKIP_SET_EVENT_ON_HANDLE
    public int SetFileCompletionNotificationModes(ErrnoCapture state, long handle) {
        try {
            return errorIfFalse(state, (int) setFileCompletionNotificationModes.invokeExact(
                    state.segment(), handle, FILE_SKIP_SET_EVENT_ON_HANDLE));
        } catch (Throwable t) {
            throw Downcalls.rethrow("SetFileCompletionNotificationModes", t);
        }
    }

    /// `BOOL GetQueuedCompletionStatusEx(HANDLE CompletionPort, OVERLAPPED_ENTRY *lpCompletionPortEntries, ULONG
    /// ulCount, ULONG *ulNumEntriesRemoved, DWORD dwMilliseconds, BOOL fAlertable);`
    ///
    /// @param millis the timeout; -1 for none
    /// @return the number of completions; `-WAIT_TIMEOUT` after the timeout; another negative error code
    public int GetQueuedCompletionStatusEx(ErrnoCapture state, long port, OverlappedEntries entries, int millis) {
        int result;
        try {
            result = (int) getQueuedCompletionStatusEx.invokeExact(
                    state.segment(), port, entries.segment(), entries.capacity(), entries.removed(), millis, ZERO);
        } catch (Throwable t) {
            throw Downcalls.rethrow("GetQueuedCompletionStatusEx", t);
        }
        return result == 0 ? errorIfFalse(state, result) : entries.count();
    }

    /// `BOOL PostQueuedCompletionStatus(HANDLE CompletionPort, DWORD dwNumberOfBytesTransferred, ULONG_PTR
    /// dwCompletionKey, OVERLAPPED *lpOverlapped);`
    public int PostQueuedCompletionStatus(ErrnoCapture state, long port, long key) {
        try {
            return errorIfFalse(state, (int)
                    postQueuedCompletionStatus.invokeExact(state.segment(), port, ZERO, key, MemorySegment.NULL));
        } catch (Throwable t) {
            throw Downcalls.rethrow("PostQueuedCompletionStatus", t);
        }
    }

    /// `BOOL CloseHandle(HANDLE hObject);`
    public int CloseHandle(ErrnoCapture state, long handle) {
        try {
            return errorIfFalse(state, (int) closeHandle.invokeExact(state.segment(), handle));
        } catch (Throwable t) {
            throw Downcalls.rethrow("CloseHandle", t);
        }
    }

    /// `int WSAIoctl(SOCKET s, DWORD dwIoControlCode, void *lpvInBuffer, DWORD cbInBuffer, void *lpvOutBuffer, DWORD
    /// cbOutBuffer, DWORD *lpcbBytesReturned, WSAOVERLAPPED *lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE
    /// lpCompletionRoutine);` with SIO_BASE_HANDLE
    ///
    /// @param base receives the base handle
    public int WSAIoctl(ErrnoCapture state, long socket, HandleRef base) {
        try {
            return state.valueOrErrno((int) wsaIoctl.invokeExact(
                    state.segment(),
                    socket,
                    SIO_BASE_HANDLE,
                    MemorySegment.NULL,
                    ZERO,
                    base.segment(),
                    Long.BYTES,
                    base.count(),
                    MemorySegment.NULL,
                    MemorySegment.NULL));
        } catch (Throwable t) {
            throw Downcalls.rethrow("WSAIoctl", t);
        }
    }

    private static int errorIfFalse(ErrnoCapture state, int returned) {
        return returned == 0 ? state.valueOrErrno(-1) : returned;
    }
}
