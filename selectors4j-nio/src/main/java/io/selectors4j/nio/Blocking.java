package io.selectors4j.nio;

import io.selectors4j.Await;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;

/// Blocking operations of channels. The descriptors are always non-blocking: a blocking operation waits with [Await],
/// on platform and virtual threads. That wait ends when the channel is closed, with an
/// [java.nio.channels.AsynchronousCloseException], and when the thread is interrupted.
final class Blocking {

    /// A timeout of no limit, in nanoseconds.
    static final long FOREVER = Long.MAX_VALUE;

    private Blocking() {}

    /// Closes the channel if the thread is interrupted. Every blocking operation begins with this call.
    ///
    /// @throws ClosedByInterruptException if the thread is interrupted; the interrupt status stays set
    static void begin(SelectableChannel channel) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            channel.close();
            throw new ClosedByInterruptException();
        }
    }

    /// Waits until an operation does not block.
    ///
    /// @param fd the descriptor of the channel
    /// @param nanos the longest wait, [#FOREVER] for no limit
    /// @return false after the timeout
    /// @throws AsynchronousCloseException if another thread closes the channel
    /// @throws ClosedByInterruptException if the thread is interrupted; the channel is closed, and the interrupt status
    ///     set
    static boolean await(SelectableChannel channel, Pollable fd, Interest events, long nanos) throws IOException {
        try {
            return Await.ready(fd, events, nanos == FOREVER ? null : Duration.ofNanos(nanos)) != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw (IOException) new ClosedByInterruptException().initCause(e);
        } catch (IllegalArgumentException e) { // the descriptor is closed
            if (channel.isOpen()) {
                throw e;
            }
            throw (IOException) new AsynchronousCloseException().initCause(e);
        }
    }

    /// Converts the exception of a blocking operation that found the descriptor closed: the channel was open when the
    /// operation began.
    static IOException closedDuring(IOException failure) {
        return failure instanceof ClosedChannelException && !(failure instanceof AsynchronousCloseException)
                ? (IOException) new AsynchronousCloseException().initCause(failure)
                : failure;
    }

    /// Returns the begin of a timeout: the time now, unless there is no limit.
    ///
    /// @param nanos the timeout, [#FOREVER] for no limit
    static long start(long nanos) {
        return nanos == FOREVER ? 0 : System.nanoTime();
    }

    /// Returns what is left of a timeout.
    ///
    /// @param nanos the timeout, [#FOREVER] for no limit
    /// @param start the result of [#start]
    /// @return the time left, at least 0
    static long remaining(long nanos, long start) {
        return nanos == FOREVER ? FOREVER : Math.max(0, nanos - (System.nanoTime() - start));
    }
}
