package io.selectors4j.internal.windows;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The memory of polls of AFD, of one socket each: an `IO_STATUS_BLOCK` (wdm.h, winternl.h) and an `AFD_POLL_INFO`,
/// which no header of the SDK has. From the submission of a poll until its completion was dequeued, the kernel may
/// write to both.
///
/// ```c
/// typedef struct _IO_STATUS_BLOCK {
///     NTSTATUS  Status;              // 0, of 8 bytes: a union with a pointer
///     ULONG_PTR Information;         // 8
/// } IO_STATUS_BLOCK;                 // 16 bytes
///
/// typedef struct _AFD_POLL_INFO {
///     LARGE_INTEGER        Timeout;          // 0
///     ULONG                NumberOfHandles;  // 8
///     ULONG                Exclusive;        // 12
///     AFD_POLL_HANDLE_INFO Handles[1];       // 16
/// } AFD_POLL_INFO;                           // 32 bytes
///
/// typedef struct _AFD_POLL_HANDLE_INFO {
///     HANDLE   Handle;               // 0
///     ULONG    Events;               // 8
///     NTSTATUS Status;               // 12
/// } AFD_POLL_HANDLE_INFO;            // 16 bytes
/// ```
public final class AfdPolls implements Memory {

    /// There are data to read.
    public static final int AFD_POLL_RECEIVE = 0x001;

    /// There are urgent data to read.
    public static final int AFD_POLL_RECEIVE_EXPEDITED = 0x002;

    /// There is room to write, or a connect has succeeded.
    public static final int AFD_POLL_SEND = 0x004;

    /// The peer has stopped sending.
    public static final int AFD_POLL_DISCONNECT = 0x008;

    /// The connection was reset.
    public static final int AFD_POLL_ABORT = 0x010;

    /// The socket was closed by this process. Reported also if it is not requested.
    public static final int AFD_POLL_LOCAL_CLOSE = 0x020;

    /// A connection waits to be accepted.
    public static final int AFD_POLL_ACCEPT = 0x080;

    /// A connect has failed.
    public static final int AFD_POLL_CONNECT_FAIL = 0x100;

    /// `IO_STATUS_BLOCK`.
    public static final StructLayout IO_STATUS_BLOCK = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("Status"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.JAVA_LONG.withName("Information"));

    /// `AFD_POLL_HANDLE_INFO`.
    public static final StructLayout AFD_POLL_HANDLE_INFO = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("Handle"),
            ValueLayout.JAVA_INT.withName("Events"),
            ValueLayout.JAVA_INT.withName("Status"));

    /// `AFD_POLL_INFO` of one handle.
    public static final StructLayout AFD_POLL_INFO = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("Timeout"),
            ValueLayout.JAVA_INT.withName("NumberOfHandles"),
            ValueLayout.JAVA_INT.withName("Exclusive"),
            AFD_POLL_HANDLE_INFO.withName("Handles"));

    private static final long INFORMATION = Layouts.offset(IO_STATUS_BLOCK, "Information");
    private static final long INFO = IO_STATUS_BLOCK.byteSize();
    private static final long NUMBER_OF_HANDLES = INFO + Layouts.offset(AFD_POLL_INFO, "NumberOfHandles");
    private static final long EXCLUSIVE = INFO + Layouts.offset(AFD_POLL_INFO, "Exclusive");
    private static final long HANDLES = INFO + Layouts.offset(AFD_POLL_INFO, "Handles");
    private static final long HANDLE = HANDLES + Layouts.offset(AFD_POLL_HANDLE_INFO, "Handle");
    private static final long EVENTS = HANDLES + Layouts.offset(AFD_POLL_HANDLE_INFO, "Events");
    private static final long STATUS = HANDLES + Layouts.offset(AFD_POLL_HANDLE_INFO, "Status");
    private static final long SIZE = INFO + AFD_POLL_INFO.byteSize();

    /// No timeout.
    private static final long FOREVER = Long.MAX_VALUE;

    private final MemorySegment segment;
    private final MemorySegment[] statusBlocks;
    private final MemorySegment[] infos;
    private final MemorySegment[] contexts;

    /// Allocates a number of polls.
    ///
    /// @param firstContext the value that a completion of the first poll returns in place of the address of an
    ///     `OVERLAPPED`; those of the others follow
    public AfdPolls(int count, long firstContext) {
        segment = NativeMemory.allocate(count * SIZE, Long.BYTES);
        statusBlocks = new MemorySegment[count];
        infos = new MemorySegment[count];
        contexts = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            statusBlocks[i] = segment.asSlice(i * SIZE, INFO);
            infos[i] = segment.asSlice(i * SIZE + INFO, SIZE - INFO);
            contexts[i] = MemorySegment.ofAddress(firstContext + i);
        }
    }

    /// Fills in a poll that no kernel has: without a timeout, and not exclusive.
    ///
    /// @param handle the base handle of the socket
    /// @param events AFD_POLL_* flags
    public void set(int index, long handle, int events) {
        long start = index * SIZE;
        segment.set(ValueLayout.JAVA_INT, start, NtStatus.STATUS_PENDING);
        segment.set(ValueLayout.JAVA_LONG, start + INFORMATION, 0);
        segment.set(ValueLayout.JAVA_LONG, start + INFO, FOREVER);
        segment.set(ValueLayout.JAVA_INT, start + NUMBER_OF_HANDLES, 1);
        segment.set(ValueLayout.JAVA_INT, start + EXCLUSIVE, 0);
        segment.set(ValueLayout.JAVA_LONG, start + HANDLE, handle);
        segment.set(ValueLayout.JAVA_INT, start + EVENTS, events);
        segment.set(ValueLayout.JAVA_INT, start + STATUS, 0);
    }

    /// Returns the status of a completed poll.
    public int status(int index) {
        return segment.get(ValueLayout.JAVA_INT, index * SIZE);
    }

    /// Returns the AFD_POLL_* flags of a completed poll; 0 if it reports no handle.
    public int events(int index) {
        long start = index * SIZE;
        return segment.get(ValueLayout.JAVA_INT, start + NUMBER_OF_HANDLES) == 0
                ? 0
                : segment.get(ValueLayout.JAVA_INT, start + EVENTS);
    }

    /// Returns the context of a poll, which nothing uses as an address.
    MemorySegment context(int index) {
        return contexts[index];
    }

    /// Returns the `IO_STATUS_BLOCK` of a poll.
    MemorySegment statusBlock(int index) {
        return statusBlocks[index];
    }

    /// Returns the `AFD_POLL_INFO` of a poll.
    MemorySegment info(int index) {
        return infos[index];
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
