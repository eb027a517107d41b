package io.selectors4j.stress.load;

import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.TimerFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A process with many clients of an echo server, on one thread and one selector.
///
/// Arguments: the server's port on 127.0.0.1, and a seed. The process reads one command at a time from its standard
/// input, carries it out, and answers with a line: `done` and the [Counts], or `failed` and the reason. After a
/// failure, the process ends.
/// - `stay COUNT`: opens so many more long-lived connections.
/// - `load MILLIS RESETS HELD SLOW FLOOD`: runs a [LoadTask.Plan]. The never-readers stay. Prints `halfway` in the
///   middle.
/// - `release`: half of the never-readers read everything; the others reset or close their connections.
/// - `idle MILLIS`: does nothing.
/// - `leave COUNT`: so many long-lived clients close their connections.
/// - `end MILLIS RESETS HELD SLOW FLOOD`: runs `load` until the server ends, and all connections with it.
///
/// The process ends at the end of its input.
final class LoadGenerator {

    private static final Duration TICK = Duration.ofMillis(5);
    private static final long CHECK_INTERVAL = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_COMMAND_LENGTH = 100;

    /// Fewer connects at a time than the server's backlog.
    private static final int MAX_CONNECTING = 64;

    private final Selector<ReadyCallback> selector;
    private final ClientPool pool;
    private final TimerFd timer;
    private final Fd input;
    private final ByteBuffer commandLine = ByteBuffer.allocate(MAX_COMMAND_LENGTH);
    private @Nullable Task task;
    private boolean isRunning = true;
    private long lastCheck = System.nanoTime();
    private boolean hasExpired;

    private LoadGenerator(Selector<ReadyCallback> selector, ClientPool pool, TimerFd timer, Fd input) {
        this.selector = selector;
        this.pool = pool;
        this.timer = timer;
        this.input = input;
    }

    public static void main(String[] args) throws IOException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(args[0]));
        try (Selector<ReadyCallback> selector = Selector.open();
                TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
                Fd input = Fd.stdin()) {
            ClientPool pool = new ClientPool(selector, server, Long.parseLong(args[1]));
            new LoadGenerator(selector, pool, timer, input).run();
        } catch (LoadFailure e) {
            System.out.println("failed " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws IOException {
        selector.register(input, Interest.READ, this::command);
        selector.register(timer, Interest.READ, this::tick);
        while (isRunning) {
            selector.select(null, (key, readiness) -> key.data().ready(readiness));
            if (task != null && task.advance()) {
                task = null;
                timer.disarm();
                System.out.println("done open=" + pool.open() + " half=" + pool.halfClosed() + " " + pool.counts());
            }
        }
    }

    private void tick(Readiness readiness) throws IOException {
        timer.read();
        hasExpired = true;
        long now = System.nanoTime();
        if (now - lastCheck > CHECK_INTERVAL) {
            lastCheck = now;
            pool.checkProgress();
        }
    }

    private void command(Readiness readiness) throws IOException {
        if (input.read(commandLine) < 0) {
            isRunning = false;
            return;
        }
        String line =
                StandardCharsets.US_ASCII.decode(commandLine.duplicate().flip()).toString();
        if (line.endsWith("\n")) {
            commandLine.clear();
            begin(line.strip().split(" ", -1));
        }
    }

    private void begin(String[] words) throws IOException {
        timer.set(TICK, TICK);
        task = switch (words[0]) {
            case "stay" -> opening(Integer.parseInt(words[1]));
            case "load" -> new LoadTask(pool, plan(words));
            case "release" -> {
                pool.releaseNeverReaders();
                yield () -> pool.open() == pool.longLived();
            }
            case "idle" -> {
                hasExpired = false;
                timer.set(Duration.ofMillis(Long.parseLong(words[1])));
                yield () -> hasExpired;
            }
            case "leave" -> {
                int count = Integer.parseInt(words[1]);
                int left = pool.open() - count;
                for (int i = 0; i < count; i++) {
                    pool.shutdownNext();
                }
                yield () -> pool.open() == left;
            }
            case "end" -> {
                pool.setEnding();
                yield new LoadTask(pool, plan(words));
            }
            default -> throw new LoadFailure("no such command: " + words[0]);
        };
    }

    private Task opening(int count) {
        int all = pool.longLived() + count;
        return () -> {
            while (pool.longLived() < all && pool.busy() < MAX_CONNECTING) {
                pool.addLongLived();
            }
            return pool.longLived() == all && pool.busy() == 0;
        };
    }

    private static LoadTask.Plan plan(String[] words) {
        return new LoadTask.Plan(
                TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1])),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]));
    }
}
