/// The C headers with the names that the library's bindings have.
final class Headers {

    static final String LIBC = """
            sys/types.h stddef.h stdint.h errno.h fcntl.h limits.h poll.h pthread.h signal.h stdlib.h time.h unistd.h
            netinet/in.h netinet/ip.h netinet/tcp.h sys/ioctl.h sys/mman.h sys/select.h sys/socket.h sys/stat.h
            sys/time.h sys/uio.h sys/un.h sys/wait.h
            """;
    static final String OF_LINUX =
            "sys/epoll.h sys/eventfd.h sys/inotify.h sys/sendfile.h sys/syscall.h sys/timerfd.h linux/io_uring.h"
                    + " linux/errqueue.h linux/if_tun.h linux/netlink.h linux/udp.h linux/vm_sockets.h spawn.h";
    static final String OF_BSD = "sys/filio.h sys/ttycom.h termios.h";
    static final String OF_WINDOWS =
            "stddef.h winsock2.h ws2tcpip.h mswsock.h mstcpip.h afunix.h windows.h winternl.h ntstatus.h";
    static final String KQUEUE = "sys/types.h stddef.h stdint.h time.h sys/event.h";

    /// Headers with the kernel's structs and numbers of terminals; the C library's differ.
    static final String TERMINALS_OF_LINUX = "stddef.h asm/termbits.h asm/ioctls.h asm/termios.h";

    /// The header with the kernel's struct; glibc's netinet/tcp.h has an older one.
    static final String TCP_OF_LINUX = "stddef.h linux/tcp.h";

    /// The header with the structs of a recipe.
    static final String GPIO_OF_LINUX = "stddef.h linux/gpio.h";

    /// The types that glibc has instead of pointers to an address.
    static final String SOCKADDR = """
            #ifdef __GLIBC__
            #define SOCKADDR __SOCKADDR_ARG
            #define CONST_SOCKADDR __CONST_SOCKADDR_ARG
            #else
            #define SOCKADDR struct sockaddr *
            #define CONST_SOCKADDR const struct sockaddr *
            #endif
            """;

    private Headers() {}
}
