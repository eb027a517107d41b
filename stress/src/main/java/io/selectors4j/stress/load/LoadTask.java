package io.selectors4j.stress.load;

import io.selectors4j.stress.load.ShortLivedClient.Exit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// All kinds of clients at once: long-lived clients send messages, short-lived clients connect and disconnect, others
/// read slowly or never, and some connect in floods. At the end, all short-lived connections are closed and the
/// long-lived clients are idle.
final class LoadTask implements Task {

    private static final int MAX_SHORT_LIVED = 128;
    private static final int MAX_UNACCEPTED = 32;
    private static final int ORDERLY_EVERY = 10;
    private static final int REFUSALS = 100;

    /// One in so many long-lived clients is sending at a time.
    private static final int SENDING_DIVISOR = 50;

    private static final double HALF = 0.5;
    private static final long FLOOD_EVERY = Duration.ofSeconds(10).toNanos();

    /// The number of bytes that a half-closing never-reader sends is a multiple of this unit, so that the half-close
    /// comes before, while or after the server stops reading.
    private static final int LENGTH_UNIT = 10_000;

    private static final int LENGTH_STEPS = 100;

    private static final List<Exit> RESETS = List.of(
            Exit.BEFORE_CONNECTED,
            Exit.CONNECTED,
            Exit.CONNECTED,
            Exit.MID_MESSAGE,
            Exit.MID_MESSAGE,
            Exit.MID_MESSAGE,
            Exit.ECHOED,
            Exit.ECHOED,
            Exit.ECHOED,
            Exit.ECHOED);
    private static final List<Exit> FLOOD =
            List.of(Exit.BEFORE_CONNECTED, Exit.CONNECTED, Exit.ECHOED, Exit.ECHOED, Exit.ECHOED);

    private final ClientPool pool;
    private final Plan plan;
    private final long begin = System.nanoTime();
    private final long refusedBefore;
    private int connects;
    private int neverReaders;
    private int floods;
    private boolean isHalfway;

    /// The amount of load.
    ///
    /// @param nanos the duration
    /// @param resets how many short-lived clients reset their connection, in addition to the floods
    /// @param neverReaders the number of clients that read nothing
    /// @param slow the number of clients that read slowly at a time
    /// @param flood the number of simultaneous connects in each flood
    record Plan(long nanos, int resets, int neverReaders, int slow, int flood) {}

    LoadTask(ClientPool pool, Plan plan) {
        this.pool = pool;
        this.plan = plan;
        refusedBefore = pool.counts().refused;
        pool.setReadsFast(false);
    }

    @Override
    public boolean advance() throws IOException {
        if (pool.isEnding() && pool.counts().aborted > 0) {
            readRest();
            return isServerGone();
        }
        double part = Math.min(1, (double) (System.nanoTime() - begin) / plan.nanos());
        if (part > HALF && !isHalfway) {
            isHalfway = true;
            System.out.println("halfway");
        }
        if (part < 1
                || connects < plan.resets()
                || pool.neverReaders() < plan.neverReaders()
                || pool.unaccepted() > 0) {
            sendMessages();
            connect(part);
            addNeverReaders();
            pool.readSlowly(plan.slow());
            flood(part);
            return false;
        }
        readRest();
        return !pool.isEnding() && pool.busy() == 0 && pool.shortLived() == 0;
    }

    /// Returns whether the server has ended, all its connections are closed and new connects are refused.
    private boolean isServerGone() throws IOException {
        if (pool.open() > 0) {
            return false;
        }
        if (pool.counts().refused - refusedBefore >= REFUSALS) {
            return true;
        }
        pool.addShortLived(Exit.CONNECTED);
        return false;
    }

    private void readRest() throws IOException {
        pool.setReadsFast(true);
        pool.readSlowly(0);
    }

    private void sendMessages() throws IOException {
        while (pool.busy() < 1 + pool.longLived() / SENDING_DIVISOR && pool.busy() < pool.longLived()) {
            pool.sendNext();
        }
    }

    private void connect(double part) throws IOException {
        while (connects < Math.ceil(plan.resets() * part) && pool.shortLived() < MAX_SHORT_LIVED) {
            connects++;
            pool.addShortLived(pool.exit(RESETS));
            if (connects % ORDERLY_EVERY == 0) {
                pool.addShortLived(Exit.ORDERLY);
            }
        }
    }

    /// Half of the never-readers send without end. The others send somewhat less or more than all buffers on the way
    /// hold.
    private void addNeverReaders() throws IOException {
        while (pool.neverReaders() < plan.neverReaders() && pool.unaccepted() < MAX_UNACCEPTED) {
            neverReaders++;
            pool.addNeverReader(
                    neverReaders % 2 == 0
                            ? NeverReader.UNLIMITED
                            : (long) LENGTH_UNIT * (1 + neverReaders / 2 % LENGTH_STEPS));
        }
    }

    /// Makes more connects at once than the server's backlog and descriptor limit allow.
    private void flood(double part) throws IOException {
        long count = Math.max(1, plan.nanos() / FLOOD_EVERY);
        if (floods < count && part > (floods + HALF) / count) {
            floods++;
            for (int i = 0; i < plan.flood(); i++) {
                pool.addShortLived(pool.exit(FLOOD));
            }
        }
    }
}
