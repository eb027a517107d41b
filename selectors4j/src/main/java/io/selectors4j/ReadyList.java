package io.selectors4j;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the ready keys of a select. A class, because the first lambda of a program initializes the JDK's lambda
/// machinery.
///
/// @param <A> type of the data attached to the keys
final class ReadyList<A extends @Nullable Object> implements ReadyHandler<A, RuntimeException> {

    private final List<ReadyKey<A>> keys = new ArrayList<>();

    @Override
    public void ready(SelectorKey<A> key, Readiness readiness) {
        keys.add(new ReadyKey<>(key, readiness));
    }

    List<ReadyKey<A>> keys() {
        return List.copyOf(keys);
    }
}
