package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform.Os;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The numbers of errno on macOS and the BSDs, as compilers and other languages' tables have them.
class ErrnoOfSystemsTest {

    private static final String MACOS = """
            EPERM 1, ENOENT 2, ESRCH 3, EINTR 4, EIO 5, ENXIO 6, E2BIG 7, ENOEXEC 8, EBADF 9, ECHILD 10
            EDEADLK 11, ENOMEM 12, EACCES 13, EFAULT 14, ENOTBLK 15, EBUSY 16, EEXIST 17, EXDEV 18, ENODEV 19
            ENOTDIR 20, EISDIR 21, EINVAL 22, ENFILE 23, EMFILE 24, ENOTTY 25, ETXTBSY 26, EFBIG 27, ENOSPC 28
            ESPIPE 29, EROFS 30, EMLINK 31, EPIPE 32, EDOM 33, ERANGE 34, EAGAIN 35, EWOULDBLOCK 35
            EINPROGRESS 36, EALREADY 37, ENOTSOCK 38, EDESTADDRREQ 39, EMSGSIZE 40, EPROTOTYPE 41
            ENOPROTOOPT 42, EPROTONOSUPPORT 43, ESOCKTNOSUPPORT 44, ENOTSUP 45, EPFNOSUPPORT 46, EAFNOSUPPORT 47
            EADDRINUSE 48, EADDRNOTAVAIL 49, ENETDOWN 50, ENETUNREACH 51, ENETRESET 52, ECONNABORTED 53
            ECONNRESET 54, ENOBUFS 55, EISCONN 56, ENOTCONN 57, ESHUTDOWN 58, ETOOMANYREFS 59, ETIMEDOUT 60
            ECONNREFUSED 61, ELOOP 62, ENAMETOOLONG 63, EHOSTDOWN 64, EHOSTUNREACH 65, ENOTEMPTY 66, EPROCLIM 67
            EUSERS 68, EDQUOT 69, ESTALE 70, EREMOTE 71, EBADRPC 72, ERPCMISMATCH 73, EPROGUNAVAIL 74
            EPROGMISMATCH 75, EPROCUNAVAIL 76, ENOLCK 77, ENOSYS 78, EFTYPE 79, EAUTH 80, ENEEDAUTH 81
            EPWROFF 82, EDEVERR 83, EOVERFLOW 84, EBADEXEC 85, EBADARCH 86, ESHLIBVERS 87, EBADMACHO 88
            ECANCELED 89, EIDRM 90, ENOMSG 91, EILSEQ 92, ENOATTR 93, EBADMSG 94, EMULTIHOP 95, ENODATA 96
            ENOLINK 97, ENOSR 98, ENOSTR 99, EPROTO 100, ETIME 101, EOPNOTSUPP 102, ENOPOLICY 103
            ENOTRECOVERABLE 104, EOWNERDEAD 105, EQFULL 106
            """;

    private static final String FREEBSD = """
            EPERM 1, ENOENT 2, ESRCH 3, EINTR 4, EIO 5, ENXIO 6, E2BIG 7, ENOEXEC 8, EBADF 9, ECHILD 10
            EDEADLK 11, ENOMEM 12, EACCES 13, EFAULT 14, ENOTBLK 15, EBUSY 16, EEXIST 17, EXDEV 18, ENODEV 19
            ENOTDIR 20, EISDIR 21, EINVAL 22, ENFILE 23, EMFILE 24, ENOTTY 25, ETXTBSY 26, EFBIG 27, ENOSPC 28
            ESPIPE 29, EROFS 30, EMLINK 31, EPIPE 32, EDOM 33, ERANGE 34, EAGAIN 35, EWOULDBLOCK 35
            EINPROGRESS 36, EALREADY 37, ENOTSOCK 38, EDESTADDRREQ 39, EMSGSIZE 40, EPROTOTYPE 41
            ENOPROTOOPT 42, EPROTONOSUPPORT 43, ESOCKTNOSUPPORT 44, ENOTSUP 45, EOPNOTSUPP 45, EPFNOSUPPORT 46
            EAFNOSUPPORT 47, EADDRINUSE 48, EADDRNOTAVAIL 49, ENETDOWN 50, ENETUNREACH 51, ENETRESET 52
            ECONNABORTED 53, ECONNRESET 54, ENOBUFS 55, EISCONN 56, ENOTCONN 57, ESHUTDOWN 58, ETOOMANYREFS 59
            ETIMEDOUT 60, ECONNREFUSED 61, ELOOP 62, ENAMETOOLONG 63, EHOSTDOWN 64, EHOSTUNREACH 65
            ENOTEMPTY 66, EPROCLIM 67, EUSERS 68, EDQUOT 69, ESTALE 70, EREMOTE 71, EBADRPC 72, ERPCMISMATCH 73
            EPROGUNAVAIL 74, EPROGMISMATCH 75, EPROCUNAVAIL 76, ENOLCK 77, ENOSYS 78, EFTYPE 79, EAUTH 80
            ENEEDAUTH 81, EIDRM 82, ENOMSG 83, EOVERFLOW 84, ECANCELED 85, EILSEQ 86, ENOATTR 87, EDOOFUS 88
            EBADMSG 89, EMULTIHOP 90, ENOLINK 91, EPROTO 92, ENOTCAPABLE 93, ECAPMODE 94, ENOTRECOVERABLE 95
            EOWNERDEAD 96, EINTEGRITY 97
            """;

    private static final String OPENBSD = """
            EPERM 1, ENOENT 2, ESRCH 3, EINTR 4, EIO 5, ENXIO 6, E2BIG 7, ENOEXEC 8, EBADF 9, ECHILD 10
            EDEADLK 11, ENOMEM 12, EACCES 13, EFAULT 14, ENOTBLK 15, EBUSY 16, EEXIST 17, EXDEV 18, ENODEV 19
            ENOTDIR 20, EISDIR 21, EINVAL 22, ENFILE 23, EMFILE 24, ENOTTY 25, ETXTBSY 26, EFBIG 27, ENOSPC 28
            ESPIPE 29, EROFS 30, EMLINK 31, EPIPE 32, EDOM 33, ERANGE 34, EAGAIN 35, EWOULDBLOCK 35
            EINPROGRESS 36, EALREADY 37, ENOTSOCK 38, EDESTADDRREQ 39, EMSGSIZE 40, EPROTOTYPE 41
            ENOPROTOOPT 42, EPROTONOSUPPORT 43, ESOCKTNOSUPPORT 44, EOPNOTSUPP 45, EPFNOSUPPORT 46
            EAFNOSUPPORT 47, EADDRINUSE 48, EADDRNOTAVAIL 49, ENETDOWN 50, ENETUNREACH 51, ENETRESET 52
            ECONNABORTED 53, ECONNRESET 54, ENOBUFS 55, EISCONN 56, ENOTCONN 57, ESHUTDOWN 58, ETOOMANYREFS 59
            ETIMEDOUT 60, ECONNREFUSED 61, ELOOP 62, ENAMETOOLONG 63, EHOSTDOWN 64, EHOSTUNREACH 65
            ENOTEMPTY 66, EPROCLIM 67, EUSERS 68, EDQUOT 69, ESTALE 70, EREMOTE 71, EBADRPC 72, ERPCMISMATCH 73
            EPROGUNAVAIL 74, EPROGMISMATCH 75, EPROCUNAVAIL 76, ENOLCK 77, ENOSYS 78, EFTYPE 79, EAUTH 80
            ENEEDAUTH 81, EIPSEC 82, ENOATTR 83, EILSEQ 84, ENOMEDIUM 85, EMEDIUMTYPE 86, EOVERFLOW 87
            ECANCELED 88, EIDRM 89, ENOMSG 90, ENOTSUP 91, EBADMSG 92, ENOTRECOVERABLE 93, EOWNERDEAD 94
            EPROTO 95
            """;

    private static final String NETBSD = """
            EPERM 1, ENOENT 2, ESRCH 3, EINTR 4, EIO 5, ENXIO 6, E2BIG 7, ENOEXEC 8, EBADF 9, ECHILD 10
            EDEADLK 11, ENOMEM 12, EACCES 13, EFAULT 14, ENOTBLK 15, EBUSY 16, EEXIST 17, EXDEV 18, ENODEV 19
            ENOTDIR 20, EISDIR 21, EINVAL 22, ENFILE 23, EMFILE 24, ENOTTY 25, ETXTBSY 26, EFBIG 27, ENOSPC 28
            ESPIPE 29, EROFS 30, EMLINK 31, EPIPE 32, EDOM 33, ERANGE 34, EAGAIN 35, EWOULDBLOCK 35
            EINPROGRESS 36, EALREADY 37, ENOTSOCK 38, EDESTADDRREQ 39, EMSGSIZE 40, EPROTOTYPE 41
            ENOPROTOOPT 42, EPROTONOSUPPORT 43, ESOCKTNOSUPPORT 44, EOPNOTSUPP 45, EPFNOSUPPORT 46
            EAFNOSUPPORT 47, EADDRINUSE 48, EADDRNOTAVAIL 49, ENETDOWN 50, ENETUNREACH 51, ENETRESET 52
            ECONNABORTED 53, ECONNRESET 54, ENOBUFS 55, EISCONN 56, ENOTCONN 57, ESHUTDOWN 58, ETOOMANYREFS 59
            ETIMEDOUT 60, ECONNREFUSED 61, ELOOP 62, ENAMETOOLONG 63, EHOSTDOWN 64, EHOSTUNREACH 65
            ENOTEMPTY 66, EPROCLIM 67, EUSERS 68, EDQUOT 69, ESTALE 70, EREMOTE 71, EBADRPC 72, ERPCMISMATCH 73
            EPROGUNAVAIL 74, EPROGMISMATCH 75, EPROCUNAVAIL 76, ENOLCK 77, ENOSYS 78, EFTYPE 79, EAUTH 80
            ENEEDAUTH 81, EIDRM 82, ENOMSG 83, EOVERFLOW 84, EILSEQ 85, ENOTSUP 86, ECANCELED 87, EBADMSG 88
            ENODATA 89, ENOSR 90, ENOSTR 91, ETIME 92, ENOATTR 93, EMULTIHOP 94, ENOLINK 95, EPROTO 96
            EOWNERDEAD 97, ENOTRECOVERABLE 98
            """;

    private static final String DRAGONFLY = """
            EPERM 1, ENOENT 2, ESRCH 3, EINTR 4, EIO 5, ENXIO 6, E2BIG 7, ENOEXEC 8, EBADF 9, ECHILD 10
            EDEADLK 11, ENOMEM 12, EACCES 13, EFAULT 14, ENOTBLK 15, EBUSY 16, EEXIST 17, EXDEV 18, ENODEV 19
            ENOTDIR 20, EISDIR 21, EINVAL 22, ENFILE 23, EMFILE 24, ENOTTY 25, ETXTBSY 26, EFBIG 27, ENOSPC 28
            ESPIPE 29, EROFS 30, EMLINK 31, EPIPE 32, EDOM 33, ERANGE 34, EAGAIN 35, EWOULDBLOCK 35
            EINPROGRESS 36, EALREADY 37, ENOTSOCK 38, EDESTADDRREQ 39, EMSGSIZE 40, EPROTOTYPE 41
            ENOPROTOOPT 42, EPROTONOSUPPORT 43, ESOCKTNOSUPPORT 44, ENOTSUP 45, EOPNOTSUPP 45, EPFNOSUPPORT 46
            EAFNOSUPPORT 47, EADDRINUSE 48, EADDRNOTAVAIL 49, ENETDOWN 50, ENETUNREACH 51, ENETRESET 52
            ECONNABORTED 53, ECONNRESET 54, ENOBUFS 55, EISCONN 56, ENOTCONN 57, ESHUTDOWN 58, ETOOMANYREFS 59
            ETIMEDOUT 60, ECONNREFUSED 61, ELOOP 62, ENAMETOOLONG 63, EHOSTDOWN 64, EHOSTUNREACH 65
            ENOTEMPTY 66, EPROCLIM 67, EUSERS 68, EDQUOT 69, ESTALE 70, EREMOTE 71, EBADRPC 72, ERPCMISMATCH 73
            EPROGUNAVAIL 74, EPROGMISMATCH 75, EPROCUNAVAIL 76, ENOLCK 77, ENOSYS 78, EFTYPE 79, EAUTH 80
            ENEEDAUTH 81, EIDRM 82, ENOMSG 83, EOVERFLOW 84, ECANCELED 85, EILSEQ 86, ENOATTR 87, EDOOFUS 88
            EBADMSG 89, EMULTIHOP 90, ENOLINK 91, EPROTO 92, ENOMEDIUM 93, EASYNC 99
            """;

    private static Map<String, Integer> expected(Os os) {
        String table = switch (os) {
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
                .collect(Collectors.toMap(List::getFirst, entry -> Integer.valueOf(entry.getLast())));
    }

    @ParameterizedTest
    @EnumSource(names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void everyNameHasItsNumberAndNoNumberAnotherName(Os os) {
        Map<String, Integer> expected = expected(os);
        assertThat(expected)
                .hasSizeGreaterThan(90)
                .allSatisfy((name, number) ->
                        assertThat(Errno.number(os, name)).as(name).isEqualTo(number));
        for (int number = -1; number < 200; number++) {
            String name = Errno.name(os, number);
            if (expected.containsValue(number)) {
                assertThat(expected).as("of %d", number).containsEntry(name, number);
                assertThat(Errno.text(os, number))
                        .as("text of %s", name)
                        .isNotBlank()
                        .isNotEqualTo("Unknown error");
            } else {
                assertThat(name).as("of %d", number).isEqualTo("errno");
                assertThat(Errno.text(os, number)).isEqualTo("Unknown error");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void theNamesThatTheLibraryAsksFor(Os os) {
        for (String name : List.of("EPERM", "EINTR", "EBADF", "ENODEV", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")) {
            assertThat(Errno.name(os, Errno.number(os, name))).as(name).isIn(name, "EOPNOTSUPP");
        }
        assertThat(Errno.number(os, "EWOULDBLOCK"))
                .isEqualTo(Errno.number(os, "EAGAIN"))
                .isEqualTo(35);
    }

    @Test
    void secondNamesCountWhereThereIsNoNumberOfTheirOwn() {
        assertThat(Errno.number(Os.LINUX, "ENOTSUP")).isEqualTo(95);
        assertThat(Errno.number(Os.FREEBSD, "ENOTSUP")).isEqualTo(45);
        assertThat(Errno.number(Os.MACOS, "ENOTSUP")).isEqualTo(45);
        assertThat(Errno.number(Os.MACOS, "EOPNOTSUPP")).isEqualTo(102);
        assertThat(Errno.number(Os.OPENBSD, "ENOTSUP")).isEqualTo(91);
        assertThat(Errno.number(Os.NETBSD, "ENOTSUP")).isEqualTo(86);
    }

    @Test
    void ofSeveralNamesTheKnownOnesCount() {
        assertThat(Errno.known(Os.LINUX, "ENONET", "EPROTO", "ECONNABORTED")).containsExactlyInAnyOrder(64, 71, 103);
        assertThat(Errno.known(Os.FREEBSD, "ENONET", "EPROTO", "ECONNABORTED")).containsExactlyInAnyOrder(92, 53);
        assertThat(Errno.known(Os.FREEBSD)).isEmpty();
    }

    @Test
    void aNameOfAnotherSystemIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Errno.number(Os.NETBSD, "ENONET"))
                .withMessageContaining("ENONET");
    }

    @Test
    void aSystemWithoutATableHasThatOfLinux() {
        assertThat(Errno.name(Os.WINDOWS, 11)).isEqualTo("EAGAIN");
    }
}
