package io.selectors4j.internal.ffi;

/// The symbols of functions that a C library's headers rename. The plain name then belongs to an older function, or to
/// one with an older type.
public final class Symbols {

    private Symbols() {}

    /// Returns the symbol of a C function on a system, the same on every architecture.
    public static String of(Platform.Os os, String name) {
        return switch (os) {
            case MACOS -> onMacos(name);
            case NETBSD -> onNetbsd(name);
            case WINDOWS -> onWindows(name);
            default -> name;
        };
    }

    /// winsock2.h: the functions of the Unixes that have another name for sockets.
    private static String onWindows(String name) {
        return switch (name) {
            case "close" -> "closesocket";
            case "ioctl" -> "ioctlsocket";
            case "poll" -> "WSAPoll";
            default -> name;
        };
    }

    /// sys/_select.h: with _DARWIN_UNLIMITED_SELECT, the variant that is not limited to FD_SETSIZE descriptors.
    private static String onMacos(String name) {
        return name.equals("pselect") ? "pselect$DARWIN_EXTSN" : name;
    }

    /// __RENAME in sys/select.h, sys/poll.h, sys/event.h, sys/socket.h and time.h: the functions since `time_t` has 64
    /// bits, and `socket` since it fails with EAFNOSUPPORT. `ppoll` (NetBSD 10) is `pollts` under another name.
    private static String onNetbsd(String name) {
        return switch (name) {
            case "pselect" -> "__pselect50";
            case "kevent" -> "__kevent50";
            case "ppoll" -> "__pollts50";
            case "socket" -> "__socket30";
            case "clock_gettime" -> "__clock_gettime50";
            default -> name;
        };
    }
}
