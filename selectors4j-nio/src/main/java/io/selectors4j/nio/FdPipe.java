package io.selectors4j.nio;

import io.selectors4j.Pollable;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// A pipe whose ends are channels. The descriptors are non-blocking in both modes of a channel.
final class FdPipe extends Pipe {

    private final Source source;
    private final Sink sink;

    FdPipe(SelectorsProvider provider) throws IOException {
        PipeFd.Pipe pipe;
        try {
            pipe = PipeFd.open();
        } catch (IOException e) {
            throw Failures.ofStream(e);
        }
        try {
            pipe.reader().setBlocking(false);
            pipe.writer().setBlocking(false);
        } catch (Throwable t) {
            pipe.close();
            throw t;
        }
        source = new Source(provider, pipe.reader());
        sink = new Sink(provider, pipe.writer());
    }

    @Override
    public SourceChannel source() {
        return source;
    }

    @Override
    public SinkChannel sink() {
        return sink;
    }

    /// The reading end.
    private static final class Source extends SourceChannel implements SelectableFd {

        private final PipeFd fd;
        private final FdIo io;
        private final ReentrantLock lock = new ReentrantLock();

        Source(SelectorsProvider provider, PipeFd fd) {
            this.fd = fd;
            super(provider);
            io = new FdIo(this, fd);
        }

        @Override
        public Pollable pollable() {
            return fd;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            Objects.requireNonNull(target);
            lock.lock();
            try {
                requireOpen(this);
                return io.read(target);
            } catch (IOException e) {
                throw Failures.ofStream(e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long read(ByteBuffer[] targets) throws IOException {
            return read(targets, 0, targets.length);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, targets.length);
            lock.lock();
            try {
                requireOpen(this);
                return io.read(targets, offset, length);
            } catch (IOException e) {
                throw Failures.ofStream(e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            awaitUnlocked(this, lock);
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            fd.close();
        }

        @Override
        public String toString() {
            return "FdPipe.Source[" + fd + "]";
        }
    }

    /// The writing end.
    private static final class Sink extends SinkChannel implements SelectableFd {

        private final PipeFd fd;
        private final FdIo io;
        private final ReentrantLock lock = new ReentrantLock();

        Sink(SelectorsProvider provider, PipeFd fd) {
            this.fd = fd;
            super(provider);
            io = new FdIo(this, fd);
        }

        @Override
        public Pollable pollable() {
            return fd;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            Objects.requireNonNull(source);
            lock.lock();
            try {
                requireOpen(this);
                return io.write(source);
            } catch (IOException e) {
                throw Failures.ofStream(e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long write(ByteBuffer[] sources) throws IOException {
            return write(sources, 0, sources.length);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, sources.length);
            lock.lock();
            try {
                requireOpen(this);
                return io.write(sources, offset, length);
            } catch (IOException e) {
                throw Failures.ofStream(e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            awaitUnlocked(this, lock);
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            fd.close();
        }

        @Override
        public String toString() {
            return "FdPipe.Sink[" + fd + "]";
        }
    }

    private static void requireOpen(java.nio.channels.Channel channel) throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /// Waits until the transfer in progress has ended. The descriptor stays non-blocking.
    private static void awaitUnlocked(java.nio.channels.Channel channel, ReentrantLock lock) throws IOException {
        lock.lock();
        try {
            requireOpen(channel);
        } finally {
            lock.unlock();
        }
    }
}
