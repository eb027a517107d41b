package io.selectors4j.stress.load;

import io.selectors4j.stress.load.ShortLivedClient.Exit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// All at once: those that stay talk, others come and go, read slowly or never, or come in floods. When its time is over, those that come and
/// go have gone, and those that stay are silent.
final class Loading implements Task {

    private static final int MOST_VISITORS = 128;
    private static final int MOST_UNSURE = 32;
    private static final int ORDERLY_EVERY = 10;
    private static final int REFUSALS = 100;

    /// One in so many of those that stay is talking at a time.
    private static final int TALKING = 50;

    private static final double HALF = 0.5;
    private static final long FLOOD_EVERY = Duration.ofSeconds(10).toNanos();

    /// A never-reader that half-closes sends a multiple of this: the end then comes before, while or after the server stops to read.
    private static final int PORTION = 10_000;

    private static final int PORTIONS = 100;

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

    private final ClientPool crowd;
    private final Plan plan;
    private final long begin = System.nanoTime();
    private final long refused;
    private int visits;
    private int held;
    private int floods;
    private boolean isHalfway;

    /// How much of it.
    ///
    /// @param nanos how long
    /// @param resets how many come and reset the connection meanwhile, beside the floods
    /// @param held how many read nothing
    /// @param slow how many read slowly at a time
    /// @param flood how many come at once in each flood
    record Plan(long nanos, int resets, int held, int slow, int flood) {}

    Loading(ClientPool crowd, Plan plan) {
        this.crowd = crowd;
        this.plan = plan;
        refused = crowd.counts().refused;
        crowd.setHurried(false);
    }

    @Override
    public boolean isDone() throws IOException {
        if (crowd.isEnding() && crowd.counts().cut > 0) {
            readTheRest();
            return isNobodyThere();
        }
        double part = Math.min(1, (double) (System.nanoTime() - begin) / plan.nanos());
        if (part > HALF && !isHalfway) {
            isHalfway = true;
            System.out.println("halfway");
        }
        if (part < 1 || visits < plan.resets() || crowd.held() < plan.held() || crowd.unsure() > 0) {
            talk();
            come(part);
            hold();
            crowd.readSlowly(plan.slow());
            flood(part);
            return false;
        }
        readTheRest();
        return !crowd.isEnding() && crowd.busy() == 0 && crowd.passing() == 0;
    }

    /// Whether the server has gone, and with it all connections, and new ones are refused.
    private boolean isNobodyThere() throws IOException {
        if (crowd.open() > 0) {
            return false;
        }
        if (crowd.counts().refused - refused >= REFUSALS) {
            return true;
        }
        crowd.addVisitor(Exit.CONNECTED);
        return false;
    }

    private void readTheRest() throws IOException {
        crowd.setHurried(true);
        crowd.readSlowly(0);
    }

    private void talk() throws IOException {
        while (crowd.busy() < 1 + crowd.stayers() / TALKING && crowd.busy() < crowd.stayers()) {
            crowd.sayNext();
        }
    }

    private void come(double part) throws IOException {
        while (visits < Math.ceil(plan.resets() * part) && crowd.passing() < MOST_VISITORS) {
            visits++;
            crowd.addVisitor(crowd.exit(RESETS));
            if (visits % ORDERLY_EVERY == 0) {
                crowd.addVisitor(Exit.ORDERLY);
            }
        }
    }

    /// One that reads nothing sends without end, or a bit less than all the buffers on the way take, or a bit more.
    private void hold() throws IOException {
        while (crowd.held() < plan.held() && crowd.unsure() < MOST_UNSURE) {
            held++;
            crowd.addNeverReader(held % 2 == 0 ? NeverReader.WITHOUT_END : (long) PORTION * (1 + held / 2 % PORTIONS));
        }
    }

    /// More connects at once than the server lets wait, and than it has descriptors for.
    private void flood(double part) throws IOException {
        long count = Math.max(1, plan.nanos() / FLOOD_EVERY);
        if (floods < count && part > (floods + HALF) / count) {
            floods++;
            for (int i = 0; i < plan.flood(); i++) {
                crowd.addVisitor(crowd.exit(FLOOD));
            }
        }
    }
}
