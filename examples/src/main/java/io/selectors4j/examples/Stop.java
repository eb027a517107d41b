package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.fd.PipeFd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells a loop that waits for I/O to end, from any thread: a pipe to oneself. The loop watches this object with all the
/// others; it becomes readable, and stays so, once somebody has asked for the end.
final class Stop implements Pollable, Closeable {

    /// How long a signal waits for the loop to close its sockets and delete its files.
    private static final int GRACE_SECONDS = 10;

    private final PipeFd.Pipe pipe;
    private final CountDownLatch ended = new CountDownLatch(1);

    Stop() throws IOException {
        pipe = PipeFd.open();
    }

    /// A stop that SIGINT and SIGTERM ask for. Java then runs the shutdown hooks and ends; the hook is what gives the loop
    /// the time to end first.
    static Stop onSignal() throws IOException {
        Stop stop = new Stop();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                stop.request();
                stop.ended.await(GRACE_SECONDS, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                // The loop has ended already, or the process ends without it.
            }
        }));
        return stop;
    }

    void request() throws IOException {
        pipe.writer().write(ByteBuffer.allocate(1));
    }

    @Override
    public int fileno() {
        return pipe.reader().fileno();
    }

    /// To be called when everything else is closed.
    @Override
    public void close() throws IOException {
        pipe.close();
        ended.countDown();
    }
}
