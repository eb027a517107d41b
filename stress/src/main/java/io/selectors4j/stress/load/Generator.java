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

/// Many clients of an echo server in one process and one thread, waited for with one selector.
///
/// Arguments: the server's port on 127.0.0.1, and a seed. It takes one command at a time from its standard input, does it, and answers with a
/// line: `done`, and [EightByteCounter]; or `failed`, and why, and ends.
/// - `stay COUNT`: so many connections more that stay;
/// - `load MILLIS RESETS HELD SLOW FLOOD`: see [Loading.Plan]; those that read nothing stay. Says `halfway` in the middle;
/// - `release`: those that read nothing read, or vanish;
/// - `idle MILLIS`: nothing;
/// - `leave COUNT`: so many of those that stay end their connections;
/// - `end MILLIS RESETS HELD SLOW FLOOD`: `load`, until the server ends and all connections with it.
///
/// It ends with its input.
final class Generator {

    private static final Duration TICK = Duration.ofMillis(5);
    private static final long LOOK_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_COMMAND = 100;

    /// Fewer connects at a time than the server lets wait.
    private static final int AT_A_TIME = 64;

    private final Selector<Source> selector;
    private final ClientPool crowd;
    private final TimerFd timer;
    private final Fd input;
    private final ByteBuffer typed = ByteBuffer.allocate(LONGEST_COMMAND);
    private @Nullable Task task;
    private boolean isRunning = true;
    private long looked = System.nanoTime();
    private boolean hasExpired;

    private Generator(Selector<Source> selector, ClientPool crowd, TimerFd timer, Fd input) {
        this.selector = selector;
        this.crowd = crowd;
        this.timer = timer;
        this.input = input;
    }

    public static void main(String[] args) throws IOException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(args[0]));
        try (Selector<Source> selector = Selector.open();
                TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
                Fd input = Fd.stdin()) {
            ClientPool crowd = new ClientPool(selector, server, Long.parseLong(args[1]));
            new Generator(selector, crowd, timer, input).run();
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
            if (task != null && task.isDone()) {
                task = null;
                timer.disarm();
                System.out.println("done open=" + crowd.open() + " half=" + crowd.halfClosed() + " " + crowd.counts());
            }
        }
    }

    private void tick(Readiness readiness) throws IOException {
        timer.read();
        hasExpired = true;
        long now = System.nanoTime();
        if (now - looked > LOOK_EVERY) {
            looked = now;
            crowd.look();
        }
    }

    private void command(Readiness readiness) throws IOException {
        if (input.read(typed) < 0) {
            isRunning = false;
            return;
        }
        String line = StandardCharsets.US_ASCII.decode(typed.duplicate().flip()).toString();
        if (line.endsWith("\n")) {
            typed.clear();
            begin(line.strip().split(" ", -1));
        }
    }

    private void begin(String[] words) throws IOException {
        timer.set(TICK, TICK);
        task = switch (words[0]) {
            case "stay" -> staying(Integer.parseInt(words[1]));
            case "load" -> new Loading(crowd, plan(words));
            case "release" -> {
                crowd.releaseHeld();
                yield () -> crowd.open() == crowd.stayers();
            }
            case "idle" -> {
                hasExpired = false;
                timer.set(Duration.ofMillis(Long.parseLong(words[1])));
                yield () -> hasExpired;
            }
            case "leave" -> {
                int count = Integer.parseInt(words[1]);
                int left = crowd.open() - count;
                for (int i = 0; i < count; i++) {
                    crowd.leaveNext();
                }
                yield () -> crowd.open() == left;
            }
            case "end" -> {
                crowd.setEnding();
                yield new Loading(crowd, plan(words));
            }
            default -> throw new LoadFailure("no such command: " + words[0]);
        };
    }

    private Task staying(int count) {
        int all = crowd.stayers() + count;
        return () -> {
            while (crowd.stayers() < all && crowd.busy() < AT_A_TIME) {
                crowd.addStayer();
            }
            return crowd.stayers() == all && crowd.busy() == 0;
        };
    }

    private static Loading.Plan plan(String[] words) {
        return new Loading.Plan(
                TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1])),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]));
    }
}
