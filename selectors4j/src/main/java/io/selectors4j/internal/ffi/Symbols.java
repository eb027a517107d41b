package io.selectors4j.internal.ffi;

/// Under which symbols C libraries have functions that their headers rename: an old program finds an old function, or one
/// with an older type, under the plain name.
public final class Symbols {

    private Symbols() {}

    /// The symbol of a function.
    ///
    /// @param os the operating system
    /// @param name the function's name in C
    /// @return what the dynamic linker knows it as, the same on every architecture
    public static String of(Platform.Os os, String name) {
        return switch (os) {
            case MACOS -> onMacos(name);
            case NETBSD -> onNetbsd(name);
            default -> name;
        };
    }

    /// sys/_select.h: with _DARWIN_UNLIMITED_SELECT, what is not limited to FD_SETSIZE descriptors.
    private static String onMacos(String name) {
        return name.equals("pselect") ? "pselect$DARWIN_EXTSN" : name;
    }

    /// __RENAME in sys/select.h, sys/poll.h, sys/event.h, sys/socket.h and time.h: the functions since `time_t` has 64 bits, and sockets
    /// since it was EAFNOSUPPORT that says what it says. `ppoll` came late (NetBSD 10) and is `pollts` under another name.
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
