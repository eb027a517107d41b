package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The functions of Windows that transfer several buffers, in place of [PosixVectors]; the same rules apply.
final class WinsockVectors {

    private WinsockVectors() {}

    private static final class Receive {
        static final MethodHandle HANDLE = Downcalls.link(
                "WSARecv",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    /// `int WSARecv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags,
    /// LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);`
    ///
    /// @param keptOpen a segment of the arena that stays open during the call: a parameter that the function ignores
    /// @return the number of bytes, or the negated error
    public static long WSARecv(ErrnoCapture state, int socket, IovecArray buffers, int count, MemorySegment keptOpen) {
        Ints received = new Ints(0);
        Ints flagsInOut = new Ints(0);
        int result;
        try {
            result = state.valueOrErrno((int) Receive.HANDLE.invokeExact(
                    state.segment(),
                    socket,
                    buffers.segment(),
                    count,
                    received.segment(),
                    flagsInOut.segment(),
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    keptOpen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("WSARecv", t);
        }
        return result < 0 ? result : received.get(0);
    }

    private static final class Send {
        static final MethodHandle HANDLE = Downcalls.link(
                "WSASend",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    /// `int WSASend(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent, DWORD dwFlags,
    /// LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);`
    ///
    /// @param keptOpen as for [#WSARecv]
    /// @return the number of bytes, or the negated error
    public static long WSASend(
            ErrnoCapture state, int socket, IovecArray buffers, int count, int flags, MemorySegment keptOpen) {
        Ints sent = new Ints(0);
        int result;
        try {
            result = state.valueOrErrno((int) Send.HANDLE.invokeExact(
                    state.segment(),
                    socket,
                    buffers.segment(),
                    count,
                    sent.segment(),
                    flags,
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    keptOpen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("WSASend", t);
        }
        return result < 0 ? result : sent.get(0);
    }
}
