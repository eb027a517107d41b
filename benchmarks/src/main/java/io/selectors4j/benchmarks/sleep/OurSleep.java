package io.selectors4j.benchmarks.sleep;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.time.Duration;

/// Waits with a [Selector].
final class OurSleep extends SleepTask {

    private final Selector<String> selector;
    private final ReadyHandler<String, IOException> nothing = (_, _) -> {};

    /// @param args the backend, and the warm-up in milliseconds
    OurSleep(String[] args) throws IOException {
        super(args[1]);
        selector = Backend.valueOf(args[0]).open();
        selector.register(PipeFd.open().reader(), Interest.READ, "never ready");
    }

    @Override
    void select(long nanos) throws IOException {
        selector.select(Duration.ofNanos(nanos), nothing);
    }

    @Override
    public void close() {
        selector.close();
    }
}
