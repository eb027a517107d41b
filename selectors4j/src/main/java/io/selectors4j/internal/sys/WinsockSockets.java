package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.UnixIoctl;
import io.selectors4j.internal.windows.KernelLibc;
import io.selectors4j.internal.windows.WinsockLibc;
import java.lang.foreign.MemorySegment;

/// What [Fcntl] does, for the sockets of Windows.
final class WinsockSockets {

    private WinsockSockets() {}

    static boolean isOpen(int socket) {
        return PosixSockets.getsockopt(
                        ErrnoCapture.current(),
                        socket,
                        Constants.SOL_SOCKET,
                        Constants.SO_TYPE,
                        new Ints(0),
                        new Ints(Integer.BYTES))
                != -Errno.EBADF;
    }

    /// Sets the blocking mode, which Windows does not tell. Returns 0 or the negated error.
    static int setBlocking(ErrnoCapture state, int socket, boolean blocking) {
        return UnixIoctl.ioctl(state, socket, WinsockLibc.FIONBIO, new Ints(blocking ? 0 : 1));
    }

    /// Returns a new socket of the same connection, which child processes do not inherit, or the negated error.
    static int duplicate(int socket) {
        ErrnoCapture state = ErrnoCapture.current();
        MemorySegment segment = NativeMemory.allocate(WinsockLibc.PROTOCOL_INFO, Long.BYTES);
        Memory info = () -> segment;
        int process = (int) ProcessHandle.current().pid();
        int result = WinsockLibc.WSADuplicateSocketW(state, socket, process, info);
        if (result < 0) {
            return result;
        }
        int any = WinsockLibc.FROM_PROTOCOL_INFO;
        int flags = WinsockLibc.WSA_FLAG_OVERLAPPED | WinsockLibc.WSA_FLAG_NO_HANDLE_INHERIT;
        return WinsockLibc.WSASocketW(state, any, any, any, info, flags);
    }

    /// Ends the calls that block in other threads, and lets no further call block.
    static void endBlockingCalls(int socket) {
        ErrnoCapture state = ErrnoCapture.current();
        setBlocking(state, socket, false);
        KernelLibc.CancelIoEx(state, socket);
    }
}
