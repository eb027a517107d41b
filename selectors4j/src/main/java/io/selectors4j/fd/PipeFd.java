package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.sys.DescriptorFactory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/// One end of a pipe. Source: pipe(2), pipe(7).
public final class PipeFd extends Fd implements ScatteringByteChannel, GatheringByteChannel {

    private PipeFd(int fd) {
        super(fd, true);
    }

    /// The two ends of a pipe.
    ///
    /// @param reader the reading end
    /// @param writer the writing end
    public record Pipe(PipeFd reader, PipeFd writer) implements Closeable {

        /// Closes both ends.
        @Override
        public void close() throws IOException {
            try (reader;
                    writer) {
                // closes both, also if closing one fails
            }
        }
    }

    /// Creates a pipe, blocking at both ends: `pipe2(O_CLOEXEC)`, or on macOS `pipe` and `fcntl`.
    ///
    /// @return the two ends
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    /// @throws UnsupportedOperationException on Windows, whose pipes no call can wait for
    public static Pipe open() throws IOException {
        refuseOnWindows("SocketFd.pair(STREAM) replaces a pipe");
        Ints fds = create();
        return new Pipe(new PipeFd(fds.get(0)), new PipeFd(fds.get(1)));
    }

    /// Creates a pipe without objects.
    static Ints create() throws IOException {
        Ints fds = new Ints(-1, -1);
        int result = DescriptorFactory.current().pipe(ErrnoCapture.current(), fds, true);
        if (result < 0) {
            throw new NativeIOException(DescriptorFactory.current().call("pipe"), -result);
        }
        return fds;
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

    /// Duplicates this end.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public PipeFd dup() throws IOException {
        return new PipeFd(duplicate());
    }
}
