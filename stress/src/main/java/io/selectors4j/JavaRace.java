package io.selectors4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A selector on a kernel that is written in Java. The kernel refuses no call, so the methods here throw no checked
/// exception.
abstract class JavaRace {

    static final Duration SHORTEST = Duration.ofNanos(1);

    final JavaKernel kernel;
    final JavaSelector<String> selector;

    JavaRace(boolean live) {
        kernel = new JavaKernel(live);
        selector = new JavaSelector<>(kernel);
    }

    final void register(JavaFile file, String data) {
        try {
            selector.register(file, Interest.READ, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final void modify(JavaFile file, Interest events, String data) {
        try {
            selector.modify(file, events, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final void select(@Nullable Duration timeout, ReadyHandler<String, RuntimeException> handler) {
        try {
            selector.select(timeout, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
