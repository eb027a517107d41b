package io.selectors4j;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what a select has found. A class, since the first lambda of a program starts machinery of the JDK's.
///
/// @param <A> type of the data attached to the keys
final class ReadyList<A extends @Nullable Object> implements ReadyHandler<A, RuntimeException> {

    private final List<ReadyKey<A>> keys = new ArrayList<>();

    @Override
    public void ready(SelectorKey<A> key, Readiness readiness) {
        keys.add(new ReadyKey<>(key, readiness));
    }

    /// What was found.
    List<ReadyKey<A>> keys() {
        return List.copyOf(keys);
    }
}
