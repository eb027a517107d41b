package io.selectors4j.internal.windows;

import io.selectors4j.internal.ffi.Errno;

/// The status codes of ntdll (ntstatus.h) and the error codes of kernel32 (winerror.h) that the library expects, and
/// their errno.
public final class NtStatus {

    /// The operation has succeeded.
    public static final int STATUS_SUCCESS = 0;

    /// The operation has begun, and a completion follows.
    public static final int STATUS_PENDING = 0x103;

    /// The handle is not open.
    public static final int STATUS_INVALID_HANDLE = 0xC0000008;

    /// The handle is not one of the expected kind, such as a socket.
    public static final int STATUS_OBJECT_TYPE_MISMATCH = 0xC0000024;

    /// The operation was canceled.
    public static final int STATUS_CANCELLED = 0xC0000120;

    /// There is no such operation to cancel.
    public static final int STATUS_NOT_FOUND = 0xC0000225;

    private static final int STATUS_NO_MEMORY = 0xC0000017;
    private static final int STATUS_INSUFFICIENT_RESOURCES = 0xC000009A;
    private static final int STATUS_COMMITMENT_LIMIT = 0xC000012D;

    /// The wait has timed out.
    public static final int WAIT_TIMEOUT = 258;

    private static final int ERROR_INVALID_HANDLE = 6;
    private static final int ERROR_NOT_ENOUGH_MEMORY = 8;
    private static final int ERROR_OUTOFMEMORY = 14;
    private static final int ERROR_ABANDONED_WAIT_0 = 735;
    private static final int ERROR_NO_SYSTEM_RESOURCES = 1450;
    private static final int ERROR_COMMITMENT_LIMIT = 1455;

    private static final int SEVERITY_SHIFT = 30;
    private static final int SEVERITY_ERROR = 3;

    private NtStatus() {}

    /// Returns whether a status is an error (`NT_ERROR`). An operation that fails so at once has no completion; any
    /// other operation has one.
    public static boolean isError(int status) {
        return status >>> SEVERITY_SHIFT == SEVERITY_ERROR;
    }

    /// Returns whether a failed poll means that the handle is no open socket. STATUS_CANCELLED is the answer while the
    /// socket is being closed.
    public static boolean isClosed(int status) {
        return status == STATUS_INVALID_HANDLE || status == STATUS_OBJECT_TYPE_MISMATCH || status == STATUS_CANCELLED;
    }

    /// Returns the errno of an error status: EBADF for a handle that is no open socket, ENOMEM, or EINVAL.
    public static int errno(int status) {
        if (isClosed(status)) {
            return Errno.EBADF;
        }
        return switch (status) {
            case STATUS_NO_MEMORY, STATUS_INSUFFICIENT_RESOURCES, STATUS_COMMITMENT_LIMIT -> Errno.ENOMEM;
            default -> Errno.EINVAL;
        };
    }

    /// Returns the errno of an error code of kernel32: EBADF, ENOMEM, or EINVAL.
    public static int errnoOfError(int error) {
        return switch (error) {
            case ERROR_INVALID_HANDLE, ERROR_ABANDONED_WAIT_0 -> Errno.EBADF;
            case ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY, ERROR_NO_SYSTEM_RESOURCES, ERROR_COMMITMENT_LIMIT ->
                Errno.ENOMEM;
            default -> Errno.EINVAL;
        };
    }
}
