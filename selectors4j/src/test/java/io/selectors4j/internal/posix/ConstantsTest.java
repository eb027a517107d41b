package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The numbers are those that compilers and other languages' tables have for each system, and hold on every host.
class ConstantsTest {

    private static final String LINUX = """
            O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_ACCMODE 3, O_NONBLOCK 0x800, O_APPEND 0x400, O_CREAT 0x40
            O_TRUNC 0x200, O_EXCL 0x80, O_NOCTTY 0x100, O_CLOEXEC 0x80000, F_GETFD 1, F_SETFD 2, F_GETFL 3
            F_SETFL 4, F_DUPFD_CLOEXEC 0x406, FD_CLOEXEC 1, POLLIN 1, POLLPRI 2, POLLOUT 4, POLLERR 8
            POLLHUP 0x10, POLLNVAL 0x20, POLLRDNORM 0x40, POLLRDBAND 0x80, POLLWRNORM 0x100, POLLWRBAND 0x200
            POLLMSG 0x400, POLLRDHUP 0x2000, AF_UNIX 1, AF_INET 2, AF_INET6 0xa, SOCK_STREAM 1, SOCK_DGRAM 2
            SOCK_RAW 3, SOCK_RDM 4, SOCK_SEQPACKET 5, SOCK_NONBLOCK 0x800, SOCK_CLOEXEC 0x80000, MSG_OOB 1
            MSG_PEEK 2, MSG_TRUNC 0x20, MSG_DONTWAIT 0x40, MSG_WAITALL 0x100, MSG_NOSIGNAL 0x4000, SHUT_RD 0
            SHUT_WR 1, SHUT_RDWR 2, SOL_SOCKET 1, SO_REUSEADDR 2, SO_KEEPALIVE 9, SO_BROADCAST 6, SO_LINGER 0xd
            SO_OOBINLINE 0xa, SO_REUSEPORT 0xf, SO_SNDBUF 7, SO_RCVBUF 8, SO_ERROR 4, SO_TYPE 3, IPPROTO_IP 0
            IPPROTO_TCP 6, IPPROTO_IPV6 0x29, TCP_NODELAY 1, IP_TOS 1, IPV6_V6ONLY 0x1a, IPV6_TCLASS 0x43
            SIG_BLOCK 0, SIG_SETMASK 2
            """;

    private static final String MACOS = """
            O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_ACCMODE 3, O_NONBLOCK 4, O_APPEND 8, O_CREAT 0x200
            O_TRUNC 0x400, O_EXCL 0x800, O_NOCTTY 0x20000, O_CLOEXEC 0x1000000, F_GETFD 1, F_SETFD 2, F_GETFL 3
            F_SETFL 4, F_DUPFD_CLOEXEC 0x43, FD_CLOEXEC 1, POLLIN 1, POLLPRI 2, POLLOUT 4, POLLERR 8
            POLLHUP 0x10, POLLNVAL 0x20, POLLRDNORM 0x40, POLLRDBAND 0x80, POLLWRNORM 4, POLLWRBAND 0x100
            AF_UNIX 1, AF_INET 2, AF_INET6 0x1e, SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3, SOCK_RDM 4
            SOCK_SEQPACKET 5, MSG_OOB 1, MSG_PEEK 2, MSG_TRUNC 0x10, MSG_DONTWAIT 0x80, MSG_WAITALL 0x40
            SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2, SOL_SOCKET 0xffff, SO_REUSEADDR 4, SO_KEEPALIVE 8
            SO_BROADCAST 0x20, SO_LINGER 0x80, SO_LINGER_SEC 0x1080, SO_OOBINLINE 0x100, SO_REUSEPORT 0x200
            SO_NOSIGPIPE 0x1022, SO_SNDBUF 0x1001, SO_RCVBUF 0x1002, SO_ERROR 0x1007, SO_TYPE 0x1008
            IPPROTO_IP 0, IPPROTO_TCP 6, IPPROTO_IPV6 0x29, TCP_NODELAY 1, IP_TOS 3, IPV6_V6ONLY 0x1b
            IPV6_TCLASS 0x24, SIG_BLOCK 1, SIG_SETMASK 3
            """;

    private static final String FREEBSD = """
            O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_ACCMODE 3, O_NONBLOCK 4, O_APPEND 8, O_CREAT 0x200
            O_TRUNC 0x400, O_EXCL 0x800, O_NOCTTY 0x8000, O_CLOEXEC 0x100000, F_GETFD 1, F_SETFD 2, F_GETFL 3
            F_SETFL 4, F_DUPFD_CLOEXEC 0x11, FD_CLOEXEC 1, POLLIN 1, POLLPRI 2, POLLOUT 4, POLLERR 8
            POLLHUP 0x10, POLLNVAL 0x20, POLLRDNORM 0x40, POLLRDBAND 0x80, POLLWRNORM 4, POLLWRBAND 0x100
            POLLRDHUP 0x4000, AF_UNIX 1, AF_INET 2, AF_INET6 0x1c, SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3
            SOCK_RDM 4, SOCK_SEQPACKET 5, SOCK_NONBLOCK 0x20000000, SOCK_CLOEXEC 0x10000000, MSG_OOB 1
            MSG_PEEK 2, MSG_TRUNC 0x10, MSG_DONTWAIT 0x80, MSG_WAITALL 0x40, MSG_NOSIGNAL 0x20000, SHUT_RD 0
            SHUT_WR 1, SHUT_RDWR 2, SOL_SOCKET 0xffff, SO_REUSEADDR 4, SO_KEEPALIVE 8, SO_BROADCAST 0x20
            SO_LINGER 0x80, SO_OOBINLINE 0x100, SO_REUSEPORT 0x200, SO_NOSIGPIPE 0x800, SO_SNDBUF 0x1001
            SO_RCVBUF 0x1002, SO_ERROR 0x1007, SO_TYPE 0x1008, IPPROTO_IP 0, IPPROTO_TCP 6, IPPROTO_IPV6 0x29
            TCP_NODELAY 1, IP_TOS 3, IPV6_V6ONLY 0x1b, IPV6_TCLASS 0x3d, SIG_BLOCK 1, SIG_SETMASK 3
            """;

    private static final String OPENBSD = """
            O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_ACCMODE 3, O_NONBLOCK 4, O_APPEND 8, O_CREAT 0x200
            O_TRUNC 0x400, O_EXCL 0x800, O_NOCTTY 0x8000, O_CLOEXEC 0x10000, F_GETFD 1, F_SETFD 2, F_GETFL 3
            F_SETFL 4, F_DUPFD_CLOEXEC 0xa, FD_CLOEXEC 1, POLLIN 1, POLLPRI 2, POLLOUT 4, POLLERR 8
            POLLHUP 0x10, POLLNVAL 0x20, POLLRDNORM 0x40, POLLRDBAND 0x80, POLLWRNORM 4, POLLWRBAND 0x100
            AF_UNIX 1, AF_INET 2, AF_INET6 0x18, SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3, SOCK_RDM 4
            SOCK_SEQPACKET 5, SOCK_NONBLOCK 0x4000, SOCK_CLOEXEC 0x8000, MSG_OOB 1, MSG_PEEK 2, MSG_TRUNC 0x10
            MSG_DONTWAIT 0x80, MSG_WAITALL 0x40, MSG_NOSIGNAL 0x400, SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2
            SOL_SOCKET 0xffff, SO_REUSEADDR 4, SO_KEEPALIVE 8, SO_BROADCAST 0x20, SO_LINGER 0x80
            SO_OOBINLINE 0x100, SO_REUSEPORT 0x200, SO_SNDBUF 0x1001, SO_RCVBUF 0x1002, SO_ERROR 0x1007
            SO_TYPE 0x1008, IPPROTO_IP 0, IPPROTO_TCP 6, IPPROTO_IPV6 0x29, TCP_NODELAY 1, IP_TOS 3
            IPV6_V6ONLY 0x1b, IPV6_TCLASS 0x3d, SIG_BLOCK 1, SIG_SETMASK 3
            """;

    private static final String NETBSD = """
            O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_ACCMODE 3, O_NONBLOCK 4, O_APPEND 8, O_CREAT 0x200
            O_TRUNC 0x400, O_EXCL 0x800, O_NOCTTY 0x8000, O_CLOEXEC 0x400000, F_GETFD 1, F_SETFD 2, F_GETFL 3
            F_SETFL 4, F_DUPFD_CLOEXEC 0xc, FD_CLOEXEC 1, POLLIN 1, POLLPRI 2, POLLOUT 4, POLLERR 8
            POLLHUP 0x10, POLLNVAL 0x20, POLLRDNORM 0x40, POLLRDBAND 0x80, POLLWRNORM 4, POLLWRBAND 0x100
            AF_UNIX 1, AF_INET 2, AF_INET6 0x18, SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3, SOCK_RDM 4
            SOCK_SEQPACKET 5, SOCK_NONBLOCK 0x20000000, SOCK_CLOEXEC 0x10000000, MSG_OOB 1, MSG_PEEK 2
            MSG_TRUNC 0x10, MSG_DONTWAIT 0x80, MSG_WAITALL 0x40, MSG_NOSIGNAL 0x400, SHUT_RD 0, SHUT_WR 1
            SHUT_RDWR 2, SOL_SOCKET 0xffff, SO_REUSEADDR 4, SO_KEEPALIVE 8, SO_BROADCAST 0x20, SO_LINGER 0x80
            SO_OOBINLINE 0x100, SO_REUSEPORT 0x200, SO_NOSIGPIPE 0x800, SO_SNDBUF 0x1001, SO_RCVBUF 0x1002
            SO_ERROR 0x1007, SO_TYPE 0x1008, IPPROTO_IP 0, IPPROTO_TCP 6, IPPROTO_IPV6 0x29, TCP_NODELAY 1
            IP_TOS 3, IPV6_V6ONLY 0x1b, IPV6_TCLASS 0x3d, SIG_BLOCK 1, SIG_SETMASK 3
            """;

    private static final String DRAGONFLY = """
            O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_ACCMODE 3, O_NONBLOCK 4, O_APPEND 8, O_CREAT 0x200
            O_TRUNC 0x400, O_EXCL 0x800, O_NOCTTY 0x8000, O_CLOEXEC 0x20000, F_GETFD 1, F_SETFD 2, F_GETFL 3
            F_SETFL 4, F_DUPFD_CLOEXEC 0x11, FD_CLOEXEC 1, POLLIN 1, POLLPRI 2, POLLOUT 4, POLLERR 8
            POLLHUP 0x10, POLLNVAL 0x20, POLLRDNORM 0x40, POLLRDBAND 0x80, POLLWRNORM 4, POLLWRBAND 0x100
            AF_UNIX 1, AF_INET 2, AF_INET6 0x1c, SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3, SOCK_RDM 4
            SOCK_SEQPACKET 5, SOCK_NONBLOCK 0x20000000, SOCK_CLOEXEC 0x10000000, MSG_OOB 1, MSG_PEEK 2
            MSG_TRUNC 0x10, MSG_DONTWAIT 0x80, MSG_WAITALL 0x40, MSG_NOSIGNAL 0x400, SHUT_RD 0, SHUT_WR 1
            SHUT_RDWR 2, SOL_SOCKET 0xffff, SO_REUSEADDR 4, SO_KEEPALIVE 8, SO_BROADCAST 0x20, SO_LINGER 0x80
            SO_OOBINLINE 0x100, SO_REUSEPORT 0x200, SO_NOSIGPIPE 0x800, SO_SNDBUF 0x1001, SO_RCVBUF 0x1002
            SO_ERROR 0x1007, SO_TYPE 0x1008, IPPROTO_IP 0, IPPROTO_TCP 6, IPPROTO_IPV6 0x29, TCP_NODELAY 1
            IP_TOS 3, IPV6_V6ONLY 0x1b, IPV6_TCLASS 0x3d, SIG_BLOCK 1, SIG_SETMASK 3
            """;

    private static Map<String, Integer> expected(Os os) {
        String table = switch (os) {
            case LINUX -> LINUX;
            case MACOS -> MACOS;
            case FREEBSD -> FREEBSD;
            case OPENBSD -> OPENBSD;
            case NETBSD -> NETBSD;
            case DRAGONFLY -> DRAGONFLY;
            default -> throw new AssertionError(os);
        };
        return Arrays.stream(table.split(",|\\n"))
                .map(entry -> List.of(entry.strip().split(" ")))
                .filter(entry -> entry.size() == 2)
                .collect(Collectors.toMap(List::getFirst, entry -> Integer.decode(entry.getLast())));
    }

    @ParameterizedTest
    @EnumSource(names = {"LINUX", "MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void theTableOfEachSystem(Os os) {
        assertThat(Constants.table(os)).containsExactlyInAnyOrderEntriesOf(expected(os));
    }

    @Test
    void everyConstantIsTheNumberOfThisSystemUnderItsOwnName() {
        Map<String, Integer> constants = Arrays.stream(Constants.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == int.class)
                .filter(field -> !field.getName().equals("NONE"))
                .collect(Collectors.toMap(Field::getName, ConstantsTest::value));
        assertThat(constants)
                .hasSizeGreaterThan(60)
                .allSatisfy((name, number) ->
                        assertThat(number).as(name).isEqualTo(Constants.of(Platform.CURRENT.os(), name)));
        assertThat(constants).containsAllEntriesOf(Constants.table(Platform.CURRENT.os()));
    }

    private static int value(Field field) {
        try {
            return field.getInt(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatASystemLacksIsNoNumber() {
        assertThat(Constants.of(Os.MACOS, "SOCK_CLOEXEC")).isEqualTo(Constants.NONE);
        assertThat(Constants.of(Os.OPENBSD, "SO_NOSIGPIPE")).isEqualTo(Constants.NONE);
        assertThat(Constants.orZero(Constants.NONE)).isZero();
        assertThat(Constants.orZero(Constants.O_NONBLOCK)).isEqualTo(Constants.O_NONBLOCK);
    }

    @Test
    void anUnknownNameOrSystemIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constants.of(Os.LINUX, "O_SUCH"))
                .withMessage("no number O_SUCH of Linux");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constants.of(Os.WINDOWS, "O_RDWR"))
                .withMessage("no number O_RDWR of Windows");
        assertThatIllegalArgumentException().isThrownBy(() -> Constants.table(Os.OTHER));
    }
}
