package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends a loop that waits for I/O, from any thread. The loop waits for this object like for any other; it becomes
/// readable with [#request], and stays so. It is a pair of sockets, since Windows cannot wait for a pipe.
final class StopRequest implements Pollable, Closeable {

    /// The time that a signal allows the loop for closing its sockets and deleting its files.
    private static final int GRACE_SECONDS = 10;

    private final SocketFd.Pair pair;
    private final CountDownLatch ended = new CountDownLatch(1);

    StopRequest() throws IOException {
        pair = SocketFd.pair(SocketFd.Type.STREAM);
    }

    /// Returns a stop request made by SIGINT and SIGTERM. The Java virtual machine then runs the shutdown hooks and
    /// ends; the hook added here waits for the loop to end first.
    static StopRequest onSignal() throws IOException {
        StopRequest stop = new StopRequest();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                stop.request();
                stop.ended.await(GRACE_SECONDS, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                // The loop has ended already, or the process ends without waiting.
            }
        }));
        return stop;
    }

    void request() throws IOException {
        pair.second().write(ByteBuffer.allocate(1));
    }

    @Override
    public int fileno() {
        return pair.first().fileno();
    }

    /// Closes the sockets, after the loop has closed everything else.
    @Override
    public void close() throws IOException {
        pair.close();
        ended.countDown();
    }
}
