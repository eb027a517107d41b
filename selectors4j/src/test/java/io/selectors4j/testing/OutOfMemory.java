package io.selectors4j.testing;

import io.selectors4j.Await;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A program that runs with a small heap. Many threads, half of them virtual, await descriptors that become ready all
/// the time, while the heap is full for a moment, several times. Then one more await, of a virtual thread, has to end.
public final class OutOfMemory {

    private static final int THREADS = 100;
    private static final int TIMES = 4;
    private static final long FULL_NANOS = 200_000_000;

    private static final Thread.Builder PLATFORM = Thread.ofPlatform().daemon();

    private OutOfMemory() {}

    /// Fills the heap.
    private static volatile Object @Nullable [] filler;

    /// Runs the program.
    public static void main(String[] args) throws Exception {
        List<PipeFd.Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            PipeFd.Pipe pipe = PipeFd.open();
            pipe.reader().setBlocking(false);
            pipes.add(pipe);
            again(i % 2 == 0 ? PLATFORM : Thread.ofVirtual(), () -> read(pipe));
        }
        again(PLATFORM, () -> {
            for (PipeFd.Pipe pipe : pipes) {
                pipe.writer().write(ByteBuffer.allocate(1));
            }
            Thread.sleep(5);
        });
        Thread.sleep(300);
        for (int i = 0; i < TIMES; i++) {
            fillTheHeap();
            Thread.sleep(100);
        }
        PipeFd.Pipe last = PipeFd.open();
        again(PLATFORM, () -> {
            Thread.sleep(50);
            last.writer().write(ByteBuffer.allocate(1));
        });
        ParkedThread<Boolean> virtual = ParkedThread.start(() -> Await.readable(last.reader(), Expect.PATIENCE));
        System.out.println("awaited: " + virtual.result());
        System.exit(0);
    }

    private static void read(PipeFd.Pipe pipe) throws IOException, InterruptedException {
        Await.readable(pipe.reader(), null);
        pipe.reader().read(ByteBuffer.allocate(16));
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void again(Thread.Builder builder, Task task) {
        builder.start(() -> {
            while (true) {
                try {
                    task.run();
                } catch (OutOfMemoryError e) {
                    // expected
                } catch (Exception e) {
                    return;
                }
            }
        });
    }

    private static void fillTheHeap() {
        try {
            while (true) {
                filler = new Object[] {filler, new long[16]};
            }
        } catch (OutOfMemoryError e) {
            long end = System.nanoTime() + FULL_NANOS; // must not allocate
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        } finally {
            filler = null;
        }
    }
}
