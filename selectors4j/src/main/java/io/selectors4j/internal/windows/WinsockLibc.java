package io.selectors4j.internal.windows;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.FdSets;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Socket functions that only Windows has: ws2_32. Every method returns the value or the negated error of
/// `WSAGetLastError`. A socket is passed as an `int`; see [io.selectors4j.internal.ffi.Downcalls].
public final class WinsockLibc {

    /// The request of `ioctlsocket` that sets the blocking mode (winsock2.h).
    public static final int FIONBIO = 0x8004667E;

    /// The protocol of a [#WSASocketW] that continues a duplicated socket.
    public static final int FROM_PROTOCOL_INFO = -1;

    public static final int WSA_FLAG_OVERLAPPED = 0x01;
    public static final int WSA_FLAG_NO_HANDLE_INHERIT = 0x80;

    /// Size of `WSAPROTOCOL_INFOW`.
    public static final int PROTOCOL_INFO = 628;

    private WinsockLibc() {}

    private static final class Select {
        static final MethodHandle HANDLE =
                Downcalls.link("select", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    /// `int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timeval *timeout);`
    ///
    /// Windows ignores the first parameter.
    public static int select(ErrnoCapture state, SocketSets sets, @Nullable Timeval timeout) {
        try {
            return state.valueOrErrno((int) Select.HANDLE.invokeExact(
                    state.segment(),
                    0,
                    sets.segment(FdSets.READ),
                    sets.segment(FdSets.WRITE),
                    sets.segment(FdSets.EXCEPT),
                    Memory.pointer(timeout)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("select", t);
        }
    }

    private static final class SocketHandle {
        static final MethodHandle HANDLE = Downcalls.link(
                "WSASocketW",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    /// `SOCKET WSASocketW(int af, int type, int protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo, GROUP g, DWORD dwFlags);`
    ///
    /// @param info the description of a duplicated socket, or null for a new one
    public static int WSASocketW(
            ErrnoCapture state, int domain, int type, int protocol, @Nullable Memory info, int flags) {
        try {
            return state.valueOrErrno((int) SocketHandle.HANDLE.invokeExact(
                    state.segment(), domain, type, protocol, Memory.pointer(info), 0, flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("WSASocketW", t);
        }
    }

    private static final class Duplicate {
        static final MethodHandle HANDLE =
                Downcalls.link("WSADuplicateSocketW", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    }

    /// `int WSADuplicateSocketW(SOCKET s, DWORD dwProcessId, LPWSAPROTOCOL_INFOW lpProtocolInfo);`
    public static int WSADuplicateSocketW(ErrnoCapture state, int socket, int process, Memory info) {
        try {
            return state.valueOrErrno(
                    (int) Duplicate.HANDLE.invokeExact(state.segment(), socket, process, info.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow("WSADuplicateSocketW", t);
        }
    }
}
