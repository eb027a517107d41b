import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.GroupReqLayout;
import io.selectors4j.internal.posix.IovecArray;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.SockAddrLayout;
import io.selectors4j.internal.windows.Timeval;
import java.io.IOException;
import java.util.Map;

/// The assertions for Windows, which shares the constants of sockets with the other systems and has functions of its
/// own.
final class WindowsAssertions {

    /// The constants that Windows has under another name.
    private static final Map<String, String> NAMES = Map.of(
            "SHUT_RD", "SD_RECEIVE", "SHUT_WR", "SD_SEND", "SHUT_RDWR", "SD_BOTH", "IP_DONTFRAG", "IP_DONTFRAGMENT");

    private WindowsAssertions() {}

    /// Returns the assertions.
    static Assertions create(LibraryConstants constants, LibraryFunctions functions, Arch arch) throws IOException {
        Assertions winsock = new Assertions();
        Platform platform = new Platform(Os.WINDOWS, arch);
        Constants.table(platform)
                .forEach((name, number) -> winsock.number("Constants", NAMES.getOrDefault(name, name), number));
        for (int number = 1; number < 12_000; number++) {
            String name = Errno.name(platform, number);
            if (!name.equals("errno")) {
                winsock.number("Errno", name, number);
            }
        }
        constants.addTo(winsock, winsock);
        winsock.number(
                "SockAddrLayout",
                "sizeof(struct sockaddr_un)",
                SockAddrLayout.of(Os.WINDOWS).sockaddrUn());
        winsock.layout("WSAPOLLFD", PollFds.WSAPOLLFD);
        winsock.layout("struct timeval", Timeval.LAYOUT);
        winsock.number("SocketSets", "offsetof(struct fd_set, fd_array)", Long.BYTES);
        winsock.number("SocketSets", "sizeof(SOCKET)", Long.BYTES);
        winsock.number("IovecArray", "offsetof(WSABUF, buf)", Long.BYTES);
        winsock.number("IovecArray", "sizeof(WSABUF)", IovecArray.LAYOUT.byteSize());
        GroupReqLayout group = GroupReqLayout.of(Os.WINDOWS);
        winsock.layout("struct group_req", group.groupReq());
        winsock.layout("struct group_source_req", group.groupSourceReq());
        functions.addTo(winsock, "windows");
        functions.addTo(winsock, "posix");
        return winsock;
    }
}
