package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.FileOffset;
import io.selectors4j.internal.linux.LinuxFiles;
import io.selectors4j.internal.linux.LinuxOnly;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/// Moves bytes from one descriptor to another in the kernel, without copying them to the memory of the process.
///
/// [#copy] works on every system and with every stream, and uses the best call that the kernel has. The other methods
/// make one kind of call, on Linux only. They block as reads and writes do: if the descriptor that has no bytes or no
/// room is blocking. A transfer that was interrupted by a signal continues. All methods may be called by any thread.
///
/// No method creates objects in steady state, except [#copy].
///
/// Source: sendfile(2), splice(2), tee(2), copy_file_range(2).
public final class Transfer {

    /// The position that stands for the file's own position, which the transfer advances, and for a descriptor without
    /// position.
    public static final long CURRENT_POSITION = FileOffset.CURRENT;

    /// The kernel may move pages of memory instead of copying them. It has no effect today.
    public static final int SPLICE_F_MOVE = LinuxFiles.SPLICE_F_MOVE;

    /// Do not wait for a pipe. The other descriptor blocks according to its own mode.
    public static final int SPLICE_F_NONBLOCK = LinuxFiles.SPLICE_F_NONBLOCK;

    /// More bytes follow: a TCP socket waits for them before it sends a packet that is not full.
    public static final int SPLICE_F_MORE = LinuxFiles.SPLICE_F_MORE;

    private static final String ALTERNATIVE = "Transfer.copy() copies on all systems";

    private static final long MAX_OF_ONE_CALL = 1 << 30;

    private Transfer() {}

    /// Copies bytes of a stream to another one: with `copy_file_range`, `sendfile` or `splice` on Linux, where the
    /// kernel can transfer between these two descriptors, else with reads and writes. Both positions advance.
    ///
    /// Copies all bytes up to the end of the data if the descriptors are blocking. If the source is non-blocking and
    /// has no bytes, or the target is non-blocking and has no room, returns what it has copied.
    ///
    /// No bytes are lost if the target has no room: they stay in the source. This is not possible for a non-blocking
    /// target if the source is neither a file nor a socket and the kernel cannot transfer between the two, such as from
    /// a terminal to a socket. Then this method waits until the target has taken the bytes that were read, at most 64
    /// KiB. If the write fails, they are lost. While bytes are copied from a socket to a non-blocking target, no other
    /// thread may receive from that socket.
    ///
    /// Allocates up to 64 KiB of direct memory if it needs reads and writes.
    ///
    /// @param source the descriptor to read from: a file, pipe, stream socket, terminal or device
    /// @param target the descriptor to write to
    /// @param count the largest number of bytes
    /// @return the number of bytes copied, less than the count at the end of the data, or if a non-blocking descriptor
    ///     is not ready, or if an error occurred after these bytes, which the next call reports; 0 if a non-blocking
    ///     descriptor is not ready, or if the count is 0; -1 at the end of the data
    /// @throws IllegalArgumentException if the count is negative, or if a socket transfers messages
    /// @throws UnsupportedOperationException if a socket is batched, see [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if one of the objects is closed
    /// @throws AsynchronousCloseException if one of them was closed during this call
    /// @throws NativeIOException if the transfer fails: EPIPE if the target has no reader, EBADF if the source is not
    ///     open for reading or the target not for writing, ECONNRESET, ENOSPC, EISDIR
    public static long copy(Fd source, Fd target, long count) throws IOException {
        requireStream(Objects.requireNonNull(source, "source"));
        requireStream(Objects.requireNonNull(target, "target"));
        FilePosition.require(count, "count");
        int in = source.acquire();
        try {
            int out = target.acquire();
            try {
                return count == 0 ? 0 : new StreamCopy(source, in, target, out, count).run();
            } finally {
                target.release();
            }
        } finally {
            source.release();
        }
    }

    private static void requireStream(Fd fd) {
        fd.requireUnbatched("copy");
        if (fd.preservesMessages()) {
            throw new IllegalArgumentException("copies bytes of streams, and this socket transfers messages: " + fd);
        }
    }

    /// Sends bytes of a file: `sendfile()`, as [SocketFd#sendFile] does, to a descriptor of any kind. The position of
    /// the file itself does not change.
    ///
    /// @param source the file: a [FileFd], or another descriptor of a regular file or block device
    /// @param position the position in the file
    /// @param target the descriptor to write to
    /// @param count the largest number of bytes
    /// @return the number of bytes sent; fewer than the count if the target is non-blocking, if the file ends, or if an
    ///     error occurred after these bytes, which the next call reports; 0 if there is no room, or if the position is
    ///     at or after the end of the file
    /// @throws IllegalArgumentException if the position or the count is negative
    /// @throws UnsupportedOperationException if this is not Linux, or if the target is a batched socket, see
    ///     [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if one of the objects is closed
    /// @throws AsynchronousCloseException if one of them was closed during this call
    /// @throws NativeIOException if the transfer fails: EINVAL or ESPIPE if the file cannot be sent or the target was
    ///     opened with O_APPEND, EBADF if a descriptor is not open for the direction, EPIPE, ENOSPC
    public static long sendFile(Fd source, long position, Fd target, long count) throws IOException {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target").requireUnbatched("sendfile");
        FilePosition.require(position, "position");
        FilePosition.require(count, "count");
        LinuxOnly.require("sendfile with an offset", ALTERNATIVE);
        int in = source.acquire();
        try {
            int out = target.acquire();
            try {
                long sent = 0;
                long result;
                do {
                    result = LinuxFiles.sendfile(
                            ErrnoCapture.current(),
                            out,
                            in,
                            FileOffset.ofSource(position + sent),
                            ofOneCall(count - sent));
                    sent += Math.max(result, 0);
                } while (sent < count && continues(result, source, target));
                return sent > 0 ? sent : toCount("sendfile", result, source, in, target, out, false);
            } finally {
                target.release();
            }
        } finally {
            source.release();
        }
    }

    /// Moves bytes between a pipe and another descriptor, or between two pipes: `splice()`. One of the two must be a
    /// pipe. Waits for the first bytes if the descriptors are blocking. On older kernels, a pipe waits even if it is
    /// non-blocking, without [#SPLICE_F_NONBLOCK].
    ///
    /// @param source the descriptor to read from
    /// @param sourcePosition the position in its file; [#CURRENT_POSITION] for a pipe, and for the file's own
    /// @param target the descriptor to write to
    /// @param targetPosition the position in its file; [#CURRENT_POSITION] for a pipe, and for the file's own
    /// @param count the largest number of bytes
    /// @param flags SPLICE_F_* flags, or 0
    /// @return the number of bytes moved; 0 if a non-blocking descriptor has none or has no room, or if the count is 0;
    ///     -1 at the end of the data
    /// @throws IllegalArgumentException if the count is negative, or if a position is negative and not
    ///     [#CURRENT_POSITION]
    /// @throws UnsupportedOperationException if this is not Linux, or if a descriptor is a batched socket, see
    ///     [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if one of the objects is closed
    /// @throws AsynchronousCloseException if one of them was closed during this call
    /// @throws NativeIOException if the transfer fails: EINVAL if neither is a pipe, if both are the same pipe, if the
    ///     target was opened with O_APPEND, if a descriptor cannot be spliced, or if a flag is unknown; ESPIPE for a
    ///     position in a descriptor without position, EBADF if a descriptor is not open for the direction, EPIPE
    public static long splice(Fd source, long sourcePosition, Fd target, long targetPosition, long count, int flags)
            throws IOException {
        Objects.requireNonNull(source, "source").requireUnbatched("splice");
        Objects.requireNonNull(target, "target").requireUnbatched("splice");
        requirePosition(sourcePosition, "sourcePosition");
        requirePosition(targetPosition, "targetPosition");
        FilePosition.require(count, "count");
        LinuxOnly.require("splice", ALTERNATIVE);
        int in = source.acquire();
        try {
            int out = target.acquire();
            try {
                long result;
                do {
                    result = LinuxFiles.splice(
                            ErrnoCapture.current(),
                            in,
                            FileOffset.ofSource(sourcePosition),
                            out,
                            FileOffset.ofTarget(targetPosition),
                            ofOneCall(count),
                            flags);
                } while (result == -Errno.EINTR && continues(result, source, target));
                return toCount("splice", result, source, in, target, out, count > 0);
            } finally {
                target.release();
            }
        } finally {
            source.release();
        }
    }

    /// Copies bytes of a pipe to another pipe and leaves them in the first one: `tee()`. Waits for the first bytes and
    /// for room if the pipes are blocking. On older kernels, they wait even if they are non-blocking, without
    /// [#SPLICE_F_NONBLOCK].
    ///
    /// @param source the reading end of a pipe
    /// @param target the writing end of another pipe
    /// @param count the largest number of bytes
    /// @param flags SPLICE_F_* flags, or 0
    /// @return the number of bytes copied; 0 if a non-blocking pipe has none or has no room, or if the count is 0; -1
    ///     at the end of the data
    /// @throws IllegalArgumentException if the count is negative
    /// @throws UnsupportedOperationException if this is not Linux, or if a descriptor is a batched socket, see
    ///     [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if one of the objects is closed
    /// @throws AsynchronousCloseException if one of them was closed during this call
    /// @throws NativeIOException if the copy fails: EINVAL if one is no pipe, if both are the same pipe, or if a flag
    ///     is unknown; EBADF if a pipe is not open for the direction, EPIPE
    public static long tee(Fd source, Fd target, long count, int flags) throws IOException {
        Objects.requireNonNull(source, "source").requireUnbatched("tee");
        Objects.requireNonNull(target, "target").requireUnbatched("tee");
        FilePosition.require(count, "count");
        LinuxOnly.require("tee", ALTERNATIVE);
        int in = source.acquire();
        try {
            int out = target.acquire();
            try {
                long result;
                do {
                    result = LinuxFiles.tee(ErrnoCapture.current(), in, out, ofOneCall(count), flags);
                } while (result == -Errno.EINTR && continues(result, source, target));
                return toCount("tee", result, source, in, target, out, count > 0);
            } finally {
                target.release();
            }
        } finally {
            source.release();
        }
    }

    /// Copies bytes of a regular file to another one, or to another part of the same file: `copy_file_range()`. A file
    /// system that can share the blocks of two files does not copy them. Copies all bytes up to the end of the source.
    ///
    /// @param source the file to read from
    /// @param sourcePosition the position in it; [#CURRENT_POSITION] for the file's own
    /// @param target the file to write to
    /// @param targetPosition the position in it; [#CURRENT_POSITION] for the file's own
    /// @param count the largest number of bytes
    /// @return the number of bytes copied; fewer than the count if the source ends, or if an error occurred after these
    ///     bytes, which the next call reports; 0 if the position is at or after the end of the source. Files of procfs
    ///     and sysfs have no bytes here on some kernels; [#copy] copies them
    /// @throws IllegalArgumentException if the count is negative, or if a position is negative and not
    ///     [#CURRENT_POSITION]
    /// @throws UnsupportedOperationException if this is not Linux, or if a descriptor is a batched socket, see
    ///     [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if one of the objects is closed
    /// @throws AsynchronousCloseException if one of them was closed during this call
    /// @throws NativeIOException if the copy fails: EINVAL if one is no regular file or if the ranges overlap, EXDEV if
    ///     the kernel does not copy between these file systems, EBADF if a file is not open for the direction or the
    ///     target was opened with O_APPEND, ENOSPC, ENOSYS before Linux 4.5 and where the C library does not have the
    ///     function
    public static long copyFileRange(Fd source, long sourcePosition, Fd target, long targetPosition, long count)
            throws IOException {
        Objects.requireNonNull(source, "source").requireUnbatched("copy_file_range");
        Objects.requireNonNull(target, "target").requireUnbatched("copy_file_range");
        requirePosition(sourcePosition, "sourcePosition");
        requirePosition(targetPosition, "targetPosition");
        FilePosition.require(count, "count");
        LinuxOnly.require("copy_file_range", ALTERNATIVE);
        int in = source.acquire();
        try {
            int out = target.acquire();
            try {
                long copied = 0;
                long result;
                do {
                    result = LinuxFiles.copy_file_range(
                            ErrnoCapture.current(),
                            in,
                            FileOffset.ofSource(advanced(sourcePosition, copied)),
                            out,
                            FileOffset.ofTarget(advanced(targetPosition, copied)),
                            ofOneCall(count - copied),
                            0);
                    copied += Math.max(result, 0);
                } while (copied < count && continues(result, source, target));
                return copied > 0 ? copied : toCount("copy_file_range", result, source, in, target, out, false);
            } finally {
                target.release();
            }
        } finally {
            source.release();
        }
    }

    private static void requirePosition(long position, String name) {
        if (position != CURRENT_POSITION) {
            FilePosition.require(position, name);
        }
    }

    /// Returns the count for one call. Linux transfers at most 2 GiB in one call, and refuses a count that reaches
    /// beyond the greatest position.
    static long ofOneCall(long count) {
        return Math.min(count, MAX_OF_ONE_CALL);
    }

    private static long advanced(long position, long count) {
        return position == CURRENT_POSITION ? position : position + count;
    }

    /// Returns whether a call is repeated: after bytes and after a signal, while both objects are open.
    static boolean continues(long result, Fd source, Fd target) {
        return (result > 0 || result == -Errno.EINTR) && source.isOpen() && target.isOpen();
    }

    /// Converts the result of a call to the result of a transfer.
    static long toCount(String call, long count, Fd source, int in, Fd target, int out, boolean zeroIsEnd)
            throws IOException {
        if (count > 0) {
            return count;
        }
        if (!source.isOpen() || !target.isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (count == 0 || count == -Errno.EAGAIN) {
            return count == 0 && zeroIsEnd ? -1 : 0;
        }
        throw new NativeIOException(call + "(from fd=" + in + ", to fd=" + out + ")", (int) -count);
    }
}
