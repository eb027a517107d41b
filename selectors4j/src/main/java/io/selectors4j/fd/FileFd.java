package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxFiles;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Path;

/// A descriptor opened from a path: a FIFO, device, terminal, serial port, a file of sysfs or procfs, a regular file;
/// a memfd; or a network interface ([#tun]).
///
/// Regular files, memfds and devices such as `/dev/null` are always ready: SELECT and POLL report them, EPOLL refuses
/// them with EPERM. Their reads and writes may block even in non-blocking mode.
///
/// Before the first writer opens a FIFO, a read from the reading end returns -1, and a selector reports nothing. After
/// the last writer has closed it, a selector reports a hang-up on every wait. To wait for further writers, open the
/// FIFO with [#O_RDWR], which counts as a writer, or open it again.
///
/// ## Positions
/// A regular file, a memfd and a block device have a position. It belongs to the open file: duplicates of the
/// descriptor share it, also in other processes. [#read(ByteBuffer, long)] and [#write(ByteBuffer, long)] neither use
/// nor change it. A FIFO, a terminal and a serial port have none: the methods that use it fail with ESPIPE there. So
/// this class is no [java.nio.channels.SeekableByteChannel], which the JDK asks for its size when it reads all bytes of
/// a stream. To read a file of sysfs or procfs again, read it from position 0.
///
/// Source: open(2), mkfifo(3), fifo(7), memfd_create(2), lseek(2), pread(2), statx(2), ftruncate(2), fsync(2).
public final class FileFd extends Fd implements ScatteringByteChannel, GatheringByteChannel {

    /// Open for reading.
    public static final int O_RDONLY = Constants.O_RDONLY;

    /// Open for writing.
    public static final int O_WRONLY = Constants.O_WRONLY;

    /// Open for reading and writing.
    public static final int O_RDWR = Constants.O_RDWR;

    /// Create the file if it does not exist.
    public static final int O_CREAT = Constants.O_CREAT;

    /// With [#O_CREAT]: fail with EEXIST if the file exists.
    public static final int O_EXCL = Constants.O_EXCL;

    /// Do not make a terminal the controlling terminal of the process.
    public static final int O_NOCTTY = Constants.O_NOCTTY;

    /// Truncate a regular file to length 0.
    public static final int O_TRUNC = Constants.O_TRUNC;

    /// Write at the end of the file, independent of the position.
    public static final int O_APPEND = Constants.O_APPEND;

    /// Open in non-blocking mode. Opening does not wait for the other end of a FIFO or the carrier of a serial port.
    public static final int O_NONBLOCK = Constants.O_NONBLOCK;

    private static final int DEFAULT_MODE = 0666;
    private static final int MAX_MEMFD_NAME = 249;

    private FileFd(int fd) {
        super(fd, true);
    }

    /// Opens a path. A created file gets the mode 0666, less the umask of the process. See [#open(Path, int, int)].
    ///
    /// @param path the path, of the default file system
    /// @param flags one of [#O_RDONLY], [#O_WRONLY], [#O_RDWR] and any other O_* flags; close-on-exec is always added
    /// @return a new object that owns the descriptor
    /// @throws UnsupportedOperationException on Windows, or if the path is of another file system
    /// @throws NativeIOException if the system refuses: see [#open(Path, int, int)]
    public static FileFd open(Path path, int flags) throws IOException {
        return open(path, flags, DEFAULT_MODE);
    }

    /// Opens a path. Without [#O_NONBLOCK], opening one end of a FIFO waits until the other end is opened.
    ///
    /// @param path the path, of the default file system
    /// @param flags one of [#O_RDONLY], [#O_WRONLY], [#O_RDWR] and any other O_* flags; close-on-exec is always added
    /// @param mode the permission bits of a created file, less the umask of the process
    /// @return a new object that owns the descriptor
    /// @throws UnsupportedOperationException on Windows, or if the path is of another file system
    /// @throws NativeIOException if the system refuses: ENOENT, EACCES, EEXIST, EISDIR, EMFILE at the limit of open
    ///     files, ENXIO for the writing end of a FIFO without a reader, with [#O_NONBLOCK]
    public static FileFd open(Path path, int flags, int mode) throws IOException {
        refuseOnWindows("a FileChannel reads and writes files");
        CString pathname = PathNames.encode(path);
        int result;
        do {
            result = PosixLibc.open(ErrnoCapture.current(), pathname, flags | Constants.O_CLOEXEC, mode);
        } while (result == -Errno.EINTR);
        return new FileFd(SystemCall.check(result, () -> "open(" + path + ", 0" + Integer.toOctalString(flags) + ")"));
    }

    /// Creates a FIFO: a named pipe, whose two ends are opened by the path.
    ///
    /// @param path the path, of the default file system
    /// @param mode the permission bits, less the umask of the process
    /// @throws UnsupportedOperationException on Windows, or if the path is of another file system
    /// @throws NativeIOException if the system refuses: EEXIST, ENOENT, EACCES
    public static void mkfifo(Path path, int mode) throws IOException {
        refuseOnWindows("SocketFd.createServer() replaces a FIFO");
        CString pathname = PathNames.encode(path);
        SystemCall.check(PosixLibc.mkfifo(ErrnoCapture.current(), pathname, mode), () -> "mkfifo(" + path + ")");
    }

    /// Creates an anonymous file in memory. It is empty, open for reading and writing, and behaves like a regular file.
    /// It is freed when its last descriptor is closed. Open `/proc/self/fd/` followed by the number of the descriptor
    /// to read it from the beginning.
    ///
    /// @param name the name shown in `/proc/self/fd` after `memfd:`, at most 249 bytes; names need not be unique
    /// @return a new object that owns the descriptor
    /// @throws IllegalArgumentException if the name is longer, or has a zero character
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, ENOSYS before Linux
    ///     3.17 and where the C library does not have the function
    public static FileFd memfd(String name) throws IOException {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero character in the name of a memfd: " + name.replace('\0', '?'));
        }
        LinuxOnly.require("memfd", "Files.createTempFile() creates a file");
        CString encoded = new CString(name);
        if (encoded.length() > MAX_MEMFD_NAME) {
            throw new IllegalArgumentException("the name of a memfd has at most " + MAX_MEMFD_NAME
                    + " bytes, this one has " + encoded.length() + ": " + name);
        }
        return new FileFd(SystemCall.check(
                LinuxFiles.memfd_create(ErrnoCapture.current(), encoded, LinuxFiles.MFD_CLOEXEC),
                () -> "memfd_create(" + name + ", MFD_CLOEXEC)"));
    }

    /// Creates a network interface whose IP packets this program reads and writes: a TUN device. Each read returns one
    /// packet that the system sends through the interface, and each write delivers one packet to the system. There is
    /// no header before the IP header (IFF_NO_PI). A packet that does not fit into the buffer is cut off.
    ///
    /// The interface has no address and is down at first; `ip` of iproute2 changes that. It is removed when the
    /// descriptor is closed.
    ///
    /// @param name the name of the interface: 1 to 15 visible ASCII characters, without `%` and `/`
    /// @return a new object that owns the descriptor
    /// @throws IllegalArgumentException if the name is another one
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EPERM without the capability CAP_NET_ADMIN, EBUSY if another
    ///     process uses the interface, EINVAL if the name belongs to one of another kind, ENOENT if the system has no
    ///     `/dev/net/tun`
    public static FileFd tun(String name) throws IOException {
        return TunDevice.open(name, LinuxConstants.IFF_TUN);
    }

    /// Creates a network interface whose Ethernet frames this program reads and writes: a TAP device. As [#tun], but
    /// with the header of Ethernet.
    ///
    /// @param name the name of the interface: 1 to 15 visible ASCII characters, without `%` and `/`
    /// @return a new object that owns the descriptor
    /// @throws IllegalArgumentException if the name is another one
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: see [#tun]
    public static FileFd tap(String name) throws IOException {
        return TunDevice.open(name, LinuxConstants.IFF_TAP);
    }

    /// Reads into several buffers: [#read(ByteBuffer[], int, int)] with all of the array.
    ///
    /// @param targets the buffers for the bytes, heap or direct
    /// @return the number of bytes read; 0 if none are available and the descriptor is non-blocking, or if all buffers
    ///     are full; -1 at the end of the data
    /// @throws IllegalArgumentException if a buffer is read-only
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the read fails: EBADF if the descriptor is not open for reading
    @Override
    public long read(ByteBuffer[] targets) throws IOException {
        return ScatterGather.read(this, targets, 0, targets.length);
    }

    /// Reads the available bytes into several buffers, in their order: `readv()`. Waits for the first byte if the
    /// descriptor is blocking.
    ///
    /// One call fills the buffers as far as bytes are available. It uses at most 1024 buffers (IOV_MAX), 256 KiB of
    /// heap buffers, and the memory segments of one arena.
    ///
    /// Creates no objects on a platform thread in steady state, if it passes the same buffers again.
    ///
    /// @param targets the buffers for the bytes, heap or direct
    /// @param offset the index of the first buffer
    /// @param length the number of buffers
    /// @return the number of bytes read; 0 if none are available and the descriptor is non-blocking, or if all buffers
    ///     are full; -1 at the end of the data
    /// @throws IndexOutOfBoundsException if the array does not have these buffers
    /// @throws IllegalArgumentException if a buffer is read-only
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the read fails: EBADF if the descriptor is not open for reading
    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return ScatterGather.read(this, targets, offset, length);
    }

    /// Writes from several buffers: [#write(ByteBuffer[], int, int)] with all of the array.
    ///
    /// @param sources the bytes, in heap or direct buffers
    /// @return the number of bytes written; fewer than the buffers had if the descriptor is non-blocking, or if an
    ///     error occurred after these bytes, which the next call reports
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the write fails: EPIPE if there is no reader, EBADF if the descriptor is not open
    ///     for writing, ENOSPC
    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return ScatterGather.write(this, sources, 0, sources.length);
    }

    /// Writes the bytes of several buffers, in their order: `writev()`. Writes all bytes if the descriptor is blocking,
    /// else as many as there is room for now. Creates objects as rarely as [#read(ByteBuffer[], int, int)] does.
    ///
    /// The kernel is given at most 1024 buffers (IOV_MAX) and 256 KiB of heap buffers at a time. Bytes of other writers
    /// may come in between.
    ///
    /// @param sources the bytes, in heap or direct buffers
    /// @param offset the index of the first buffer
    /// @param length the number of buffers
    /// @return the number of bytes written; fewer than the buffers had if the descriptor is non-blocking, or if an
    ///     error occurred after these bytes, which the next call reports
    /// @throws IndexOutOfBoundsException if the array does not have these buffers
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the write fails: EPIPE if there is no reader, EBADF if the descriptor is not open
    ///     for writing, ENOSPC
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return ScatterGather.write(this, sources, offset, length);
    }

    /// Reads from a position of the file, which does not change the file's own position: `pread()`. Creates objects as
    /// rarely as [#read(ByteBuffer)] does.
    ///
    /// @param target the buffer for the bytes, heap or direct
    /// @param position the index of the first byte in the file
    /// @return the number of bytes read, possibly fewer than the buffer has room for; 0 if the buffer is full, or if a
    ///     non-blocking device has none available; -1 if the position is at or after the end of the file
    /// @throws IllegalArgumentException if the buffer is read-only, or if the position is negative
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the read fails: ESPIPE for a FIFO or a terminal, EBADF if the descriptor is not
    ///     open for reading, EINVAL for a file that is only read as a stream, EISDIR
    public int read(ByteBuffer target, long position) throws IOException {
        requireWritable(target);
        FilePosition.require(position, "position");
        if (!target.hasRemaining()) {
            return 0;
        }
        int fd = acquire();
        long count;
        try {
            do {
                count = byteIo().pread(fd, target, position);
            } while (count == -Errno.EINTR && isOpen());
        } finally {
            release();
        }
        return toReadResult("pread", count, true);
    }

    /// Writes the whole buffer at a position of the file, which does not change the file's own position: `pwrite()`. A
    /// file that ends before the position is filled up with zeros. With [#O_APPEND], Linux writes at the end of the
    /// file instead. Creates objects as rarely as [#read(ByteBuffer)] does.
    ///
    /// @param source the bytes, in a heap or direct buffer
    /// @param position the index of the first byte in the file
    /// @return the number of bytes written; fewer than the buffer had if a non-blocking device has no room, or if an
    ///     error occurred after these bytes, which the next call reports
    /// @throws IllegalArgumentException if the position is negative
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the write fails: ESPIPE for a FIFO or a terminal, EBADF if the descriptor is not
    ///     open for writing, EFBIG at the greatest size of a file, ENOSPC
    public int write(ByteBuffer source, long position) throws IOException {
        FilePosition.require(position, "position");
        int fd = acquire();
        try {
            int written = 0;
            long count;
            do {
                count = byteIo().pwrite(fd, source, position + written);
                written += (int) Math.max(count, 0);
            } while (isOpen() && (count == -Errno.EINTR || (count > 0 && source.hasRemaining())));
            return written > 0 ? written : toWriteResult("pwrite", count);
        } finally {
            release();
        }
    }

    /// Returns the position of the file, where the next read or write begins: `lseek()`.
    ///
    /// @return the number of bytes before it
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException ESPIPE for a FIFO or a terminal
    public long position() throws IOException {
        return use(fd -> FilePosition.seek(fd, 0, Constants.SEEK_CUR));
    }

    /// Sets the position of the file. A position after the end does not change the size: a read there returns -1, and a
    /// write there first fills the file up with zeros. With [#O_APPEND], writes begin at the end nevertheless.
    ///
    /// @param newPosition the number of bytes before it
    /// @return this object
    /// @throws IllegalArgumentException if the position is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ESPIPE for a FIFO or a terminal, EINVAL if a file of this kind
    ///     cannot have the position
    public FileFd position(long newPosition) throws IOException {
        FilePosition.require(newPosition, "position");
        use(fd -> FilePosition.seek(fd, newPosition, Constants.SEEK_SET));
        return this;
    }

    /// Returns the size of the file: statx(2) on Linux. Of a block device, and on other systems, the position is moved
    /// to the end and back, which another user of the open file can notice. Files of sysfs and procfs have sizes that
    /// say nothing about their contents.
    ///
    /// @return the number of bytes
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ESPIPE for a FIFO or a terminal
    public long size() throws IOException {
        return use(FilePosition::size);
    }

    /// Truncates the file, if it is longer: `ftruncate()`. A position after the new size is set to the size. A file
    /// that is not longer is left as it is.
    ///
    /// @param size the number of bytes that remain
    /// @return this object
    /// @throws IllegalArgumentException if the size is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NonWritableChannelException if the descriptor is not open for writing
    /// @throws NativeIOException if the system refuses: ESPIPE for a FIFO or a terminal, EINVAL for a block device,
    ///     EPERM for a sealed memfd or a file that can only be appended to
    public FileFd truncate(long size) throws IOException {
        FilePosition.require(size, "size");
        use(fd -> {
            FilePosition.truncate(fd, size);
            return fd;
        });
        return this;
    }

    /// Waits until all written bytes of the file are on its device. The caches of the device itself are flushed as the
    /// system does it; macOS does not.
    ///
    /// @param metaData true for all metadata: `fsync()`; false for those that are needed to read the bytes:
    ///     `fdatasync()` on Linux, no difference on other systems
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EINVAL for a FIFO or a terminal, EIO, ENOSPC or EDQUOT if bytes
    ///     written before are lost
    public void force(boolean metaData) throws IOException {
        use(fd -> {
            FilePosition.force(fd, metaData);
            return fd;
        });
    }

    /// Duplicates the descriptor.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public FileFd dup() throws IOException {
        return new FileFd(duplicate());
    }
}
