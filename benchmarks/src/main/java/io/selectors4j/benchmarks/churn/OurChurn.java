package io.selectors4j.benchmarks.churn;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import org.jspecify.annotations.Nullable;

/// Registers and unregisters a descriptor with a [Selector]. The argument of a round is `COUNT`, the number of cycles.
/// Each call takes effect immediately.
final class OurChurn implements Task {

    private final Selector<String> selector;
    private final PipeFd.Pipe pipe = PipeFd.open();
    private final WarmUp warmUp;
    private @Nullable Thread waiting;

    /// @param args the backend, whether another thread waits meanwhile, and the warm-up in milliseconds
    OurChurn(String[] args) throws IOException {
        selector = Backend.valueOf(args[0]).open();
        warmUp = new WarmUp(args[2]);
        selector.register(PipeFd.open().reader(), Interest.READ, "never ready");
        if (Boolean.parseBoolean(args[1])) {
            waiting = Thread.ofPlatform().daemon().start(this::select);
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
        PipeFd reader = pipe.reader();
        for (long i = 0; i < count; i++) {
            selector.register(reader, Interest.READ, "churn");
            selector.modify(reader, Interest.NONE, "churn");
            selector.modify(reader, Interest.READ, "churn");
            selector.unregister(reader);
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
        pipe.close();
        if (waiting != null) {
            try {
                waiting.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
