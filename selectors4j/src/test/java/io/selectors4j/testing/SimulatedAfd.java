package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// AFD and the I/O completion ports of Windows, simulated for tests on Linux: the functions of ntdll, kernel32 and
/// ws2_32 that [io.selectors4j.internal.windows.AfdLibc] links. They act on Linux descriptors of any kind that epoll
/// takes, in place of sockets. An error code is returned through errno, where Windows has `GetLastError`.
///
/// The simulation follows measurements of AFD. It rejects a struct or an argument that is not as expected, and a second
/// poll of one socket on one port: [#failure] then returns the reason.
///
/// Known differences:
/// - The close of a socket is noticed when the next wait begins, not during a wait. A number that was closed and that
///   `dup2` has made the same open file again is not noticed.
/// - A socket that this side has shut down for reading is readable.
public final class SimulatedAfd {

    private static final int STATUS_UNSUCCESSFUL = 0xC0000001;
    private static final int STATUS_OBJECT_NAME_NOT_FOUND = 0xC0000034;
    private static final int STATUS_INVALID_HANDLE = 0xC0000008;
    private static final int ERROR_INVALID_HANDLE = 6;
    private static final int ERROR_GEN_FAILURE = 31;
    private static final int WSAENOTSOCK = 10038;
    private static final int WSAEFAULT = 10014;

    /// The difference between a descriptor and its base handle.
    private static final long BASE = 0x1000_0000;

    private static final String DEVICE = "\\Device\\Afd\\";

    private static final ThreadLocal<long[]> CALLS = ThreadLocal.withInitial(() -> new long[1]);

    private final Arena arena = Arena.ofAuto();
    private final Map<String, MemorySegment> functions = new HashMap<>();
    private final Map<Long, SimulatedPort> ports = new ConcurrentHashMap<>();

    /// The port of each handle of AFD, itself if it has none yet.
    private final Map<Long, SimulatedPort> afds = new ConcurrentHashMap<>();

    private final Set<Long> unassociated = ConcurrentHashMap.newKeySet();
    private final Set<Integer> withoutBaseHandle = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();
    private final AtomicInteger lastHandle = new AtomicInteger(0x400);
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicInteger baseHandles = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// Creates a system.
    public SimulatedAfd() {
        stub(
                "NtCreateFile",
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                        ADDRESS, JAVA_INT));
        stub(
                "NtDeviceIoControlFile",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS,
                        JAVA_INT));
        stub("NtCancelIoFileEx", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
        stub("CreateIoCompletionPort", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
        stub("SetFileCompletionNotificationModes", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ValueLayout.JAVA_BYTE));
        stub(
                "GetQueuedCompletionStatusEx",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        stub("PostQueuedCompletionStatus", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
        stub("CloseHandle", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        stub(
                "WSAIoctl",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS,
                        ADDRESS));
    }

    @SuppressWarnings("restricted")
    private void stub(String function, FunctionDescriptor type) {
        String method = Character.toLowerCase(function.charAt(0)) + function.substring(1);
        try {
            MethodHandle handle = MethodHandles.lookup().bind(this, method, type.toMethodType());
            functions.put(function, Linker.nativeLinker().upcallStub(handle, type, arena));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method, e);
        }
    }

    /// Returns the lookup to link the functions with.
    public SymbolLookup lookup() {
        return name -> Optional.ofNullable(functions.get(name));
    }

    /// Returns the first exception thrown in an upcall: the result of the test is not valid.
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /// Returns the failure and forgets it.
    public @Nullable Throwable takeFailure() {
        return failure.getAndSet(null);
    }

    /// Returns the number of open handles.
    public int openHandles() {
        return ports.size() + afds.size() + unassociated.size();
    }

    /// Returns the number of polls that were submitted.
    public int polls() {
        return polls.get();
    }

    /// Returns how often a base handle was returned.
    public int baseHandles() {
        return baseHandles.get();
    }

    /// Lets all further calls of a function fail.
    ///
    /// @param code the status or the error code
    public void fail(String function, int code) {
        failing.put(function, code);
    }

    /// Ends [#fail].
    public void succeed(String function) {
        failing.remove(function);
    }

    /// Lets SIO_BASE_HANDLE fail for a descriptor.
    public void refuseBaseHandle(int fd) {
        withoutBaseHandle.add(fd);
    }

    /// Cancels all polls, as other code in the process can.
    public void cancelAll() {
        ports.values().forEach(port -> port.cancelAll(_ -> true));
    }

    /// Returns the number of waits of the current thread, on all simulated systems.
    static long callsOfThisThread() {
        return CALLS.get()[0];
    }

    private interface Call {
        /// @return the result, or a negative error code
        long make();
    }

    /// Runs an upcall that returns a `NTSTATUS`. No exception may reach native code.
    private int status(String function, Call call) {
        Integer code = failing.get(function);
        if (code != null) {
            return code;
        }
        try {
            return (int) call.make();
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
            return STATUS_UNSUCCESSFUL;
        }
    }

    /// Runs an upcall that returns a value, or `failed` and an error code.
    private long value(String function, long failed, Call call) {
        Integer code = failing.get(function);
        long result;
        try {
            result = code != null ? -code : call.make();
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
            result = -ERROR_GEN_FAILURE;
        }
        if (result < 0) {
            LinuxCalls.setErrno((int) -result);
            return failed;
        }
        return result;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("unexpected " + what);
        }
    }

    private long newHandle() {
        return lastHandle.addAndGet(4);
    }

    /// `NTSTATUS NtCreateFile(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, IO_STATUS_BLOCK *, LARGE_INTEGER *, ULONG,
    /// ULONG, ULONG, ULONG, void *, ULONG);`
    @SuppressWarnings({"UnusedMethod", "restricted"}) // an upcall
    private int ntCreateFile(
            MemorySegment handle,
            int access,
            MemorySegment attributes,
            MemorySegment statusBlock,
            MemorySegment size,
            int fileAttributes,
            int share,
            int disposition,
            int options,
            MemorySegment extended,
            int extendedLength) {
        return status("NtCreateFile", () -> {
            require(access == 0x100000 && share == 3 && disposition == 1, "access");
            require(size.address() == 0 && fileAttributes == 0 && options == 0, "options");
            require(extended.address() == 0 && extendedLength == 0 && statusBlock.address() != 0, "attributes");
            MemorySegment object = attributes.reinterpret(48);
            require(object.get(JAVA_INT, 0) == 48 && object.get(JAVA_INT, 24) == 0, "OBJECT_ATTRIBUTES");
            require(object.get(JAVA_LONG, 8) == 0 && object.get(JAVA_LONG, 32) == 0, "root or security");
            require(object.get(JAVA_LONG, 40) == 0, "quality of service");
            MemorySegment string =
                    MemorySegment.ofAddress(object.get(JAVA_LONG, 16)).reinterpret(16);
            int length = string.get(JAVA_SHORT, 0);
            require(string.get(JAVA_SHORT, 2) >= length, "maximum length");
            byte[] name = MemorySegment.ofAddress(string.get(JAVA_LONG, 8))
                    .reinterpret(length)
                    .toArray(ValueLayout.JAVA_BYTE);
            if (!new String(name, StandardCharsets.UTF_16LE).startsWith(DEVICE)) {
                return STATUS_OBJECT_NAME_NOT_FOUND;
            }
            long opened = newHandle();
            unassociated.add(opened);
            handle.reinterpret(8).set(JAVA_LONG, 0, opened);
            return 0;
        });
    }

    /// `HANDLE CreateIoCompletionPort(HANDLE, HANDLE, ULONG_PTR, DWORD);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private long createIoCompletionPort(long handle, long existing, long key, int threads) {
        return value(existing == 0 ? "CreateIoCompletionPort" : "associate", 0, () -> {
            if (existing == 0) {
                require(handle == -1 && key == 0 && threads == 0, "handle of a new port");
                long created = newHandle();
                ports.put(created, new SimulatedPort());
                return created;
            }
            SimulatedPort port = ports.get(existing);
            require(key == 0, "key");
            if (port == null || !unassociated.remove(handle)) {
                return -ERROR_INVALID_HANDLE;
            }
            afds.put(handle, port);
            return existing;
        });
    }

    /// `BOOL SetFileCompletionNotificationModes(HANDLE, UCHAR);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int setFileCompletionNotificationModes(long handle, byte flags) {
        return (int) value("SetFileCompletionNotificationModes", 0, () -> {
            require(flags == 2, "flags");
            return afds.containsKey(handle) ? 1 : -ERROR_INVALID_HANDLE;
        });
    }

    /// `NTSTATUS NtDeviceIoControlFile(HANDLE, HANDLE, void *, void *, IO_STATUS_BLOCK *, ULONG, void *, ULONG, void *,
    /// ULONG);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int ntDeviceIoControlFile(
            long handle,
            long event,
            MemorySegment routine,
            MemorySegment context,
            MemorySegment statusBlock,
            int code,
            MemorySegment in,
            int inLength,
            MemorySegment out,
            int outLength) {
        return status("NtDeviceIoControlFile", () -> {
            require(event == 0 && routine.address() == 0 && code == 0x12024, "event, routine or code");
            require(inLength == 32 && outLength == 32 && in.address() == out.address(), "buffers");
            SimulatedPort port = afds.get(handle);
            if (port == null) {
                return STATUS_INVALID_HANDLE;
            }
            SimulatedPoll poll = new SimulatedPoll(handle, context.address(), statusBlock, in);
            poll.validate();
            polls.incrementAndGet();
            long socket = poll.handle();
            return port.submit(poll, (int) (socket >= BASE ? socket - BASE : socket));
        });
    }

    /// `NTSTATUS NtCancelIoFileEx(HANDLE, IO_STATUS_BLOCK *, IO_STATUS_BLOCK *);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int ntCancelIoFileEx(long handle, MemorySegment request, MemorySegment result) {
        return status("NtCancelIoFileEx", () -> {
            require(result.address() != 0 && result.address() != request.address(), "result of a cancellation");
            SimulatedPort port = afds.get(handle);
            long address = request.address();
            return port == null
                    ? STATUS_INVALID_HANDLE
                    : address == 0 ? port.cancelAll(poll -> poll.afd == handle) : port.cancel(handle, address);
        });
    }

    /// `BOOL GetQueuedCompletionStatusEx(HANDLE, OVERLAPPED_ENTRY *, ULONG, ULONG *, DWORD, BOOL);`
    @SuppressWarnings({"UnusedMethod", "restricted"}) // an upcall
    private int getQueuedCompletionStatusEx(
            long handle, MemorySegment entries, int count, MemorySegment removed, int millis, int alertable) {
        CALLS.get()[0]++;
        return (int) value("GetQueuedCompletionStatusEx", 0, () -> {
            require(count > 0 && alertable == 0 && millis >= -1, "count, timeout or alertable wait");
            SimulatedPort port = ports.get(handle);
            if (port == null) {
                return -ERROR_INVALID_HANDLE;
            }
            MemorySegment array = entries.reinterpret(32L * count);
            int taken = port.take(count, millis, (index, completion) -> {
                array.set(JAVA_LONG, 32L * index, completion.key());
                array.set(JAVA_LONG, 32L * index + 8, completion.overlapped());
                array.set(JAVA_LONG, 32L * index + 16, completion.status());
                array.set(JAVA_INT, 32L * index + 24, completion.bytes());
            });
            removed.reinterpret(4).set(JAVA_INT, 0, Math.max(0, taken));
            return Math.min(1, taken);
        });
    }

    /// `BOOL PostQueuedCompletionStatus(HANDLE, DWORD, ULONG_PTR, OVERLAPPED *);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int postQueuedCompletionStatus(long handle, int bytes, long key, long overlapped) {
        return (int) value("PostQueuedCompletionStatus", 0, () -> {
            SimulatedPort port = ports.get(handle);
            if (port == null) {
                return -ERROR_INVALID_HANDLE;
            }
            port.post(new SimulatedPort.Completion(key, overlapped, 0, bytes));
            return 1;
        });
    }

    /// `BOOL CloseHandle(HANDLE);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int closeHandle(long handle) {
        return (int) value("CloseHandle", 0, () -> {
            SimulatedPort port = ports.remove(handle);
            SimulatedPort ofAfd = afds.remove(handle);
            if (port != null) {
                port.close();
            } else if (ofAfd != null) {
                ofAfd.cancelAll(poll -> poll.afd == handle);
            } else {
                require(unassociated.remove(handle), "handle to close");
            }
            return 1;
        });
    }

    /// `int WSAIoctl(SOCKET, DWORD, void *, DWORD, void *, DWORD, DWORD *, WSAOVERLAPPED *, void *);`
    @SuppressWarnings({"UnusedMethod", "restricted"}) // an upcall
    private int wSAIoctl(
            long socket,
            int code,
            MemorySegment in,
            int inLength,
            MemorySegment out,
            int outLength,
            MemorySegment count,
            MemorySegment overlapped,
            MemorySegment routine) {
        return (int) value("WSAIoctl", -1, () -> {
            require(code == 0x48000022 && in.address() == 0 && inLength == 0 && outLength == 8, "code or buffers");
            require(overlapped.address() == 0 && routine.address() == 0, "overlapped call");
            if (!LinuxCalls.isOpen((int) socket)) {
                return -WSAENOTSOCK;
            }
            if (withoutBaseHandle.contains((int) socket)) {
                return -WSAEFAULT;
            }
            baseHandles.incrementAndGet();
            out.reinterpret(8).set(JAVA_LONG, 0, socket + BASE);
            count.reinterpret(4).set(JAVA_INT, 0, 8);
            return 0;
        });
    }
}
