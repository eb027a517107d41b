package io.selectors4j.internal.ffi;

import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;

/// The errno tables of [Errno]. A line holds the symbol, a space and the message, and is empty for a number without a
/// symbol. The BSDs share the wording of one of them.
final class ErrnoTables {

    /// Numbers from 0: asm-generic/errno-base.h and asm-generic/errno.h. The architectures of [Platform.Arch] have
    /// these numbers, except for [#POWERPC_EDEADLOCK]. The messages are those of strerror(3).
    private static final String LINUX = """

            EPERM Operation not permitted
            ENOENT No such file or directory
            ESRCH No such process
            EINTR Interrupted system call
            EIO Input/output error
            ENXIO No such device or address
            E2BIG Argument list too long
            ENOEXEC Exec format error
            EBADF Bad file descriptor
            ECHILD No child processes
            EAGAIN Resource temporarily unavailable
            ENOMEM Cannot allocate memory
            EACCES Permission denied
            EFAULT Bad address
            ENOTBLK Block device required
            EBUSY Device or resource busy
            EEXIST File exists
            EXDEV Invalid cross-device link
            ENODEV No such device
            ENOTDIR Not a directory
            EISDIR Is a directory
            EINVAL Invalid argument
            ENFILE Too many open files in system
            EMFILE Too many open files
            ENOTTY Inappropriate ioctl for device
            ETXTBSY Text file busy
            EFBIG File too large
            ENOSPC No space left on device
            ESPIPE Illegal seek
            EROFS Read-only file system
            EMLINK Too many links
            EPIPE Broken pipe
            EDOM Numerical argument out of domain
            ERANGE Numerical result out of range
            EDEADLK Resource deadlock avoided
            ENAMETOOLONG File name too long
            ENOLCK No locks available
            ENOSYS Function not implemented
            ENOTEMPTY Directory not empty
            ELOOP Too many levels of symbolic links

            ENOMSG No message of desired type
            EIDRM Identifier removed
            ECHRNG Channel number out of range
            EL2NSYNC Level 2 not synchronized
            EL3HLT Level 3 halted
            EL3RST Level 3 reset
            ELNRNG Link number out of range
            EUNATCH Protocol driver not attached
            ENOCSI No CSI structure available
            EL2HLT Level 2 halted
            EBADE Invalid exchange
            EBADR Invalid request descriptor
            EXFULL Exchange full
            ENOANO No anode
            EBADRQC Invalid request code
            EBADSLT Invalid slot

            EBFONT Bad font file format
            ENOSTR Device not a stream
            ENODATA No data available
            ETIME Timer expired
            ENOSR Out of streams resources
            ENONET Machine is not on the network
            ENOPKG Package not installed
            EREMOTE Object is remote
            ENOLINK Link has been severed
            EADV Advertise error
            ESRMNT Srmount error
            ECOMM Communication error on send
            EPROTO Protocol error
            EMULTIHOP Multihop attempted
            EDOTDOT RFS specific error
            EBADMSG Bad message
            EOVERFLOW Value too large for defined data type
            ENOTUNIQ Name not unique on network
            EBADFD File descriptor in bad state
            EREMCHG Remote address changed
            ELIBACC Can not access a needed shared library
            ELIBBAD Accessing a corrupted shared library
            ELIBSCN .lib section in a.out corrupted
            ELIBMAX Attempting to link in too many shared libraries
            ELIBEXEC Cannot exec a shared library directly
            EILSEQ Invalid or incomplete multibyte or wide character
            ERESTART Interrupted system call should be restarted
            ESTRPIPE Streams pipe error
            EUSERS Too many users
            ENOTSOCK Socket operation on non-socket
            EDESTADDRREQ Destination address required
            EMSGSIZE Message too long
            EPROTOTYPE Protocol wrong type for socket
            ENOPROTOOPT Protocol not available
            EPROTONOSUPPORT Protocol not supported
            ESOCKTNOSUPPORT Socket type not supported
            EOPNOTSUPP Operation not supported
            EPFNOSUPPORT Protocol family not supported
            EAFNOSUPPORT Address family not supported by protocol
            EADDRINUSE Address already in use
            EADDRNOTAVAIL Cannot assign requested address
            ENETDOWN Network is down
            ENETUNREACH Network is unreachable
            ENETRESET Network dropped connection on reset
            ECONNABORTED Software caused connection abort
            ECONNRESET Connection reset by peer
            ENOBUFS No buffer space available
            EISCONN Transport endpoint is already connected
            ENOTCONN Transport endpoint is not connected
            ESHUTDOWN Cannot send after transport endpoint shutdown
            ETOOMANYREFS Too many references: cannot splice
            ETIMEDOUT Connection timed out
            ECONNREFUSED Connection refused
            EHOSTDOWN Host is down
            EHOSTUNREACH No route to host
            EALREADY Operation already in progress
            EINPROGRESS Operation now in progress
            ESTALE Stale file handle
            EUCLEAN Structure needs cleaning
            ENOTNAM Not a XENIX named type file
            ENAVAIL No XENIX semaphores available
            EISNAM Is a named type file
            EREMOTEIO Remote I/O error
            EDQUOT Disk quota exceeded
            ENOMEDIUM No medium found
            EMEDIUMTYPE Wrong medium type
            ECANCELED Operation canceled
            ENOKEY Required key not available
            EKEYEXPIRED Key has expired
            EKEYREVOKED Key has been revoked
            EKEYREJECTED Key was rejected by service
            EOWNERDEAD Owner died
            ENOTRECOVERABLE State not recoverable
            ERFKILL Operation not possible due to RF-kill
            EHWPOISON Memory page has hardware error
            EFTYPE Inappropriate file type or format
            """;

    /// Numbers from 0 on macOS and the BSDs, which agree since 4.4BSD: sys/errno.h.
    private static final String BSD = """

            EPERM Operation not permitted
            ENOENT No such file or directory
            ESRCH No such process
            EINTR Interrupted system call
            EIO Input/output error
            ENXIO Device not configured
            E2BIG Argument list too long
            ENOEXEC Exec format error
            EBADF Bad file descriptor
            ECHILD No child processes
            EDEADLK Resource deadlock avoided
            ENOMEM Cannot allocate memory
            EACCES Permission denied
            EFAULT Bad address
            ENOTBLK Block device required
            EBUSY Device busy
            EEXIST File exists
            EXDEV Cross-device link
            ENODEV Operation not supported by device
            ENOTDIR Not a directory
            EISDIR Is a directory
            EINVAL Invalid argument
            ENFILE Too many open files in system
            EMFILE Too many open files
            ENOTTY Inappropriate ioctl for device
            ETXTBSY Text file busy
            EFBIG File too large
            ENOSPC No space left on device
            ESPIPE Illegal seek
            EROFS Read-only file system
            EMLINK Too many links
            EPIPE Broken pipe
            EDOM Numerical argument out of domain
            ERANGE Result too large
            EAGAIN Resource temporarily unavailable
            EINPROGRESS Operation now in progress
            EALREADY Operation already in progress
            ENOTSOCK Socket operation on non-socket
            EDESTADDRREQ Destination address required
            EMSGSIZE Message too long
            EPROTOTYPE Protocol wrong type for socket
            ENOPROTOOPT Protocol not available
            EPROTONOSUPPORT Protocol not supported
            ESOCKTNOSUPPORT Socket type not supported
            EOPNOTSUPP Operation not supported
            EPFNOSUPPORT Protocol family not supported
            EAFNOSUPPORT Address family not supported by protocol family
            EADDRINUSE Address already in use
            EADDRNOTAVAIL Can't assign requested address
            ENETDOWN Network is down
            ENETUNREACH Network is unreachable
            ENETRESET Network dropped connection on reset
            ECONNABORTED Software caused connection abort
            ECONNRESET Connection reset by peer
            ENOBUFS No buffer space available
            EISCONN Socket is already connected
            ENOTCONN Socket is not connected
            ESHUTDOWN Can't send after socket shutdown
            ETOOMANYREFS Too many references: can't splice
            ETIMEDOUT Operation timed out
            ECONNREFUSED Connection refused
            ELOOP Too many levels of symbolic links
            ENAMETOOLONG File name too long
            EHOSTDOWN Host is down
            EHOSTUNREACH No route to host
            ENOTEMPTY Directory not empty
            EPROCLIM Too many processes
            EUSERS Too many users
            EDQUOT Disc quota exceeded
            ESTALE Stale NFS file handle
            EREMOTE Too many levels of remote in path
            EBADRPC RPC struct is bad
            ERPCMISMATCH RPC version wrong
            EPROGUNAVAIL RPC program not available
            EPROGMISMATCH Program version wrong
            EPROCUNAVAIL Bad procedure for program
            ENOLCK No locks available
            ENOSYS Function not implemented
            EFTYPE Inappropriate file type or format
            EAUTH Authentication error
            ENEEDAUTH Need authenticator
            """;

    /// On 64-bit PowerPC, EDEADLOCK has a number of its own (arch/powerpc/include/uapi/asm/errno.h).
    private static final int POWERPC_EDEADLOCK = 58;

    /// On macOS, 45 is ENOTSUP; EOPNOTSUPP has a number of its own (sys/errno.h).
    private static final int MACOS_ENOTSUP = 45;

    /// Numbers that follow those of [#BSD] on macOS: sys/errno.h.
    private static final String MACOS = """
            EPWROFF Device power is off
            EDEVERR Device error
            EOVERFLOW Value too large to be stored in data type
            EBADEXEC Bad executable (or shared library)
            EBADARCH Bad CPU type in executable
            ESHLIBVERS Shared library version mismatch
            EBADMACHO Malformed Mach-o file
            ECANCELED Operation canceled
            EIDRM Identifier removed
            ENOMSG No message of desired type
            EILSEQ Illegal byte sequence
            ENOATTR Attribute not found
            EBADMSG Bad message
            EMULTIHOP EMULTIHOP (Reserved)
            ENODATA No message available on STREAM
            ENOLINK ENOLINK (Reserved)
            ENOSR No STR resources
            ENOSTR Not a STREAM
            EPROTO Protocol error
            ETIME STREAM ioctl timeout
            EOPNOTSUPP Operation not supported on socket
            ENOPOLICY Policy not found
            ENOTRECOVERABLE State not recoverable
            EOWNERDEAD Previous owner died
            EQFULL Interface output queue is full
            """;

    /// Numbers that follow those of [#BSD] on FreeBSD: sys/errno.h.
    private static final String FREEBSD = """
            EIDRM Identifier removed
            ENOMSG No message of desired type
            EOVERFLOW Value too large to be stored in data type
            ECANCELED Operation canceled
            EILSEQ Illegal byte sequence
            ENOATTR Attribute not found
            EDOOFUS Programming error
            EBADMSG Bad message
            EMULTIHOP Multihop attempted
            ENOLINK Link has been severed
            EPROTO Protocol error
            ENOTCAPABLE Capabilities insufficient
            ECAPMODE Not permitted in capability mode
            ENOTRECOVERABLE State not recoverable
            EOWNERDEAD Previous owner died
            EINTEGRITY Integrity check failed
            """;

    /// Numbers that follow those of [#BSD] on OpenBSD: sys/errno.h.
    private static final String OPENBSD = """
            EIPSEC IPsec processing failure
            ENOATTR Attribute not found
            EILSEQ Illegal byte sequence
            ENOMEDIUM No medium found
            EMEDIUMTYPE Wrong medium type
            EOVERFLOW Value too large to be stored in data type
            ECANCELED Operation canceled
            EIDRM Identifier removed
            ENOMSG No message of desired type
            ENOTSUP Not supported
            EBADMSG Bad message
            ENOTRECOVERABLE State not recoverable
            EOWNERDEAD Previous owner died
            EPROTO Protocol error
            """;

    /// Numbers that follow those of [#BSD] on NetBSD: sys/errno.h.
    private static final String NETBSD = """
            EIDRM Identifier removed
            ENOMSG No message of desired type
            EOVERFLOW Value too large to be stored in data type
            EILSEQ Illegal byte sequence
            ENOTSUP Not supported
            ECANCELED Operation canceled
            EBADMSG Bad or corrupt message
            ENODATA No message available
            ENOSR No STREAM resources
            ENOSTR Not a STREAM
            ETIME STREAM ioctl timeout
            ENOATTR Attribute not found
            EMULTIHOP Multihop attempted
            ENOLINK Link has been severed
            EPROTO Protocol error
            EOWNERDEAD Previous owner died
            ENOTRECOVERABLE State not recoverable
            """;

    /// Numbers that follow those of [#BSD] on DragonFly: sys/errno.h.
    private static final String DRAGONFLY = """
            EIDRM Identifier removed
            ENOMSG No message of desired type
            EOVERFLOW Value too large to be stored in data type
            ECANCELED Operation canceled
            EILSEQ Illegal byte sequence
            ENOATTR Attribute not found
            EDOOFUS Programming error
            EBADMSG Bad message
            EMULTIHOP Multihop attempted
            ENOLINK Link has been severed
            EPROTO Protocol error
            ENOMEDIUM No medium found





            EASYNC Asynchronous request is under way
            """;

    private static final String[] CURRENT = rows(Platform.CURRENT);

    private ErrnoTables() {}

    /// Returns the lines of a platform by number; those of Linux for a system without a table, where no call is made.
    @SuppressWarnings("ReferenceEquality") // comparing records at start-up loads classes that nothing else needs
    static String[] of(Platform platform) {
        return platform == Platform.CURRENT ? CURRENT : rows(platform);
    }

    private static String text(Os os) {
        if (os == Os.MACOS) {
            return BSD + MACOS;
        }
        if (os == Os.FREEBSD) {
            return BSD + FREEBSD;
        }
        if (os == Os.OPENBSD) {
            return BSD + OPENBSD;
        }
        if (os == Os.NETBSD) {
            return BSD + NETBSD;
        }
        return os == Os.DRAGONFLY ? BSD + DRAGONFLY : LINUX;
    }

    private static String[] rows(Platform platform) {
        if (platform.os() == Os.WINDOWS) {
            return WindowsErrors.rows();
        }
        String[] rows = text(platform.os()).split("\n", -1);
        if (platform.os() == Os.MACOS) {
            rows[MACOS_ENOTSUP] = "ENOTSUP Operation not supported";
        }
        if (platform.os() == Os.LINUX && platform.arch() == Arch.PPC64LE) {
            rows[POWERPC_EDEADLOCK] = "EDEADLOCK File locking deadlock error";
        }
        return rows;
    }
}
