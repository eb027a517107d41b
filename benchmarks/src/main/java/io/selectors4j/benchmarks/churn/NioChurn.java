package io.selectors4j.benchmarks.churn;

import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// Registers and cancels a channel with NIO. The argument of a round is `COUNT`, the number of cycles. A change takes
/// effect in a select: `selectNow()` follows each change or, if another thread waits, `wakeup()`. Before the channel is
/// registered again, the task waits until a select has removed the cancelled key.
final class NioChurn implements Task {

    private final Selector selector = Selector.open();
    private final Pipe pipe = Pipe.open();
    private final boolean otherThreadWaits;
    private final WarmUp warmUp;

    /// @param args whether another thread waits meanwhile, and the warm-up in milliseconds
    NioChurn(String[] args) throws IOException {
        otherThreadWaits = Boolean.parseBoolean(args[0]);
        warmUp = new WarmUp(args[1]);
        pipe.source().configureBlocking(false);
        Pipe.SourceChannel never = Pipe.open().source();
        never.configureBlocking(false);
        never.register(selector, SelectionKey.OP_READ);
        selector.selectNow();
        if (otherThreadWaits) {
            Thread.ofPlatform().daemon().start(this::select);
        }
    }

    @Override
    public String round(String... args) throws Exception {
        long count = Long.parseLong(args[0]);
        warmUp.with(() -> run(count));
        long start = System.nanoTime();
        run(count);
        return "cycle=" + (double) (System.nanoTime() - start) / count + " cycles=" + count;
    }

    private void run(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ, "churn");
            takeEffect();
            key.interestOps(0);
            takeEffect();
            key.interestOps(SelectionKey.OP_READ);
            takeEffect();
            key.cancel();
            takeEffect();
            while (pipe.source().isRegistered()) {
                Thread.onSpinWait();
            }
        }
    }

    private void takeEffect() throws IOException {
        if (otherThreadWaits) {
            selector.wakeup();
        } else {
            selector.selectNow();
        }
    }

    private void select() {
        try {
            while (true) {
                selector.select();
            }
        } catch (ClosedSelectorException e) {
            // closed: the loop ends
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        pipe.source().close();
        pipe.sink().close();
    }
}
