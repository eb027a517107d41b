package io.selectors4j.internal.ffi;

import java.util.Arrays;
import java.util.Map;

/// The table of [Errno] for Windows: the numbers of `WSAGetLastError`. Windows has two ranges of them: those of Winsock
/// from 10000 (winsock2.h, winerror.h), and those of the system below. The messages are this library's, since the
/// system's depend on its language.
final class WindowsErrors {

    private static final String TABLE = """
            2 ERROR_FILE_NOT_FOUND File not found
            5 ERROR_ACCESS_DENIED Access denied
            6 WSA_INVALID_HANDLE Invalid handle
            8 WSA_NOT_ENOUGH_MEMORY Not enough memory
            87 WSA_INVALID_PARAMETER Invalid parameter
            120 ERROR_CALL_NOT_IMPLEMENTED Function not implemented
            170 ERROR_BUSY Resource busy
            183 ERROR_ALREADY_EXISTS Already exists
            258 WAIT_TIMEOUT The wait timed out
            995 WSA_OPERATION_ABORTED Operation canceled
            996 WSA_IO_INCOMPLETE Operation not finished
            997 WSA_IO_PENDING Operation in progress
            1168 ERROR_NOT_FOUND Not found
            1450 ERROR_NO_SYSTEM_RESOURCES Not enough resources of the system
            10004 WSAEINTR Interrupted call
            10009 WSAEBADF Bad handle
            10013 WSAEACCES Permission denied
            10014 WSAEFAULT Bad address
            10022 WSAEINVAL Invalid argument
            10024 WSAEMFILE Too many open sockets
            10035 WSAEWOULDBLOCK Resource temporarily unavailable
            10036 WSAEINPROGRESS Operation now in progress
            10037 WSAEALREADY Operation already in progress
            10038 WSAENOTSOCK Not an open socket
            10039 WSAEDESTADDRREQ Destination address required
            10040 WSAEMSGSIZE Message too long
            10041 WSAEPROTOTYPE Protocol wrong type for socket
            10042 WSAENOPROTOOPT Protocol option not supported
            10043 WSAEPROTONOSUPPORT Protocol not supported
            10044 WSAESOCKTNOSUPPORT Socket type not supported
            10045 WSAEOPNOTSUPP Operation not supported
            10046 WSAEPFNOSUPPORT Protocol family not supported
            10047 WSAEAFNOSUPPORT Address family not supported
            10048 WSAEADDRINUSE Address already in use
            10049 WSAEADDRNOTAVAIL Cannot assign requested address
            10050 WSAENETDOWN Network is down
            10051 WSAENETUNREACH Network is unreachable
            10052 WSAENETRESET Network dropped connection on reset
            10053 WSAECONNABORTED Software caused connection abort
            10054 WSAECONNRESET Connection reset by peer
            10055 WSAENOBUFS No buffer space available
            10056 WSAEISCONN Socket is already connected
            10057 WSAENOTCONN Socket is not connected
            10058 WSAESHUTDOWN Socket is shut down
            10059 WSAETOOMANYREFS Too many references
            10060 WSAETIMEDOUT Connection timed out
            10061 WSAECONNREFUSED Connection refused
            10062 WSAELOOP Cannot translate name
            10063 WSAENAMETOOLONG Name too long
            10064 WSAEHOSTDOWN Host is down
            10065 WSAEHOSTUNREACH No route to host
            10066 WSAENOTEMPTY Directory not empty
            10067 WSAEPROCLIM Too many processes
            10068 WSAEUSERS User quota exceeded
            10069 WSAEDQUOT Disk quota exceeded
            10070 WSAESTALE Stale file handle
            10071 WSAEREMOTE Object is remote
            10091 WSASYSNOTREADY Network subsystem is unavailable
            10092 WSAVERNOTSUPPORTED Winsock version not available
            10093 WSANOTINITIALISED WSAStartup was not called
            10101 WSAEDISCON The peer is shutting down
            10107 WSASYSCALLFAILURE System call failure
            """;

    /// What stands for the errors of the Unixes that the library knows. A socket that is not open is no socket.
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("EPERM", "WSAEACCES"),
            Map.entry("ENOENT", "ERROR_FILE_NOT_FOUND"),
            Map.entry("ESRCH", "ERROR_NOT_FOUND"),
            Map.entry("EIO", "WSASYSCALLFAILURE"),
            Map.entry("EBADF", "WSAENOTSOCK"),
            Map.entry("ENOMEM", "WSA_NOT_ENOUGH_MEMORY"),
            Map.entry("EAGAIN", "WSAEWOULDBLOCK"),
            Map.entry("EEXIST", "ERROR_ALREADY_EXISTS"),
            Map.entry("ENODEV", "ERROR_NOT_FOUND"),
            Map.entry("ENOTSUP", "WSAEOPNOTSUPP"),
            Map.entry("EBUSY", "ERROR_BUSY"),
            Map.entry("EINPROGRESS", "WSAEWOULDBLOCK"), // of a connect that goes on in the background
            Map.entry("ENOSYS", "ERROR_CALL_NOT_IMPLEMENTED"),
            Map.entry("ECHILD", "ERROR_NOT_FOUND"),
            Map.entry("ENOTDIR", "ERROR_FILE_NOT_FOUND"),
            Map.entry("EPIPE", "WSAESHUTDOWN"),
            Map.entry("ECANCELED", "WSA_OPERATION_ABORTED"),
            Map.entry("ETIME", "WAIT_TIMEOUT"));

    private WindowsErrors() {}

    /// Returns the lines by number, each of a symbol, a space and the message.
    static String[] rows() {
        String[] lines = TABLE.strip().split("\n", -1);
        String[] rows = new String[number(lines[lines.length - 1]) + 1];
        Arrays.fill(rows, "");
        for (String line : lines) {
            rows[number(line)] = line.substring(line.indexOf(' ') + 1);
        }
        return rows;
    }

    /// Returns the symbol with the meaning of a symbol of the Unixes.
    static String meaning(String unix) {
        return MEANINGS.getOrDefault(unix, "WSA" + unix);
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(0, line.indexOf(' ')));
    }
}
