package io.selectors4j.nio;

import io.selectors4j.Interest;
import io.selectors4j.fd.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SelectableChannel;

/// The bytes of a channel: all of them go through here. The descriptor is non-blocking; in blocking mode a read waits
/// for the first byte, and a write for room for the last.
///
/// The caller holds the lock of the direction.
class FdIo {

    final SelectableChannel channel;
    private final Fd fd;

    FdIo(SelectableChannel channel, Fd fd) {
        this.channel = channel;
        this.fd = fd;
    }

    /// Reads.
    ///
    /// @return the number of bytes; 0 if there are none and the channel is non-blocking; -1 at the end
    int read(ByteBuffer target) throws IOException {
        if (!channel.isBlocking()) {
            return fd.read(target);
        }
        Blocking.begin(channel);
        try {
            int count = fd.read(target);
            while (count == 0 && target.hasRemaining()) {
                Blocking.await(channel, fd, Interest.READ, Blocking.FOREVER);
                count = fd.read(target);
            }
            return count;
        } catch (ClosedChannelException e) {
            throw Blocking.closedDuring(e);
        }
    }

    /// Reads into several buffers.
    long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        ScatteringByteChannel scattering = (ScatteringByteChannel) fd;
        if (!channel.isBlocking()) {
            return scattering.read(targets, offset, length);
        }
        Blocking.begin(channel);
        try {
            long count = scattering.read(targets, offset, length);
            while (count == 0 && hasRemaining(targets, offset, length)) {
                Blocking.await(channel, fd, Interest.READ, Blocking.FOREVER);
                count = scattering.read(targets, offset, length);
            }
            return count;
        } catch (ClosedChannelException e) {
            throw Blocking.closedDuring(e);
        }
    }

    /// Writes.
    ///
    /// @return the number of bytes; in blocking mode all, unless an error follows, which the next call reports
    int write(ByteBuffer source) throws IOException {
        if (!channel.isBlocking()) {
            return fd.write(source);
        }
        Blocking.begin(channel);
        int written = 0;
        try {
            written = fd.write(source);
            while (source.hasRemaining()) {
                Blocking.await(channel, fd, Interest.WRITE, Blocking.FOREVER);
                written += fd.write(source);
            }
        } catch (IOException e) {
            throwUnlessWritten(written, e);
        }
        return written;
    }

    /// Writes several buffers.
    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        GatheringByteChannel gathering = (GatheringByteChannel) fd;
        if (!channel.isBlocking()) {
            return gathering.write(sources, offset, length);
        }
        Blocking.begin(channel);
        long written = 0;
        try {
            written = gathering.write(sources, offset, length);
            while (hasRemaining(sources, offset, length)) {
                Blocking.await(channel, fd, Interest.WRITE, Blocking.FOREVER);
                written += gathering.write(sources, offset, length);
            }
        } catch (IOException e) {
            throwUnlessWritten(written, e);
        }
        return written;
    }

    /// Throws the failure of a blocking write, unless bytes were written before: then the next call reports it. An
    /// interrupt is always reported.
    private static void throwUnlessWritten(long written, IOException failure) throws IOException {
        if (written == 0 || failure instanceof ClosedByInterruptException) {
            throw Blocking.closedDuring(failure);
        }
    }

    private static boolean hasRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }
}
