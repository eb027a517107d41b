package io.selectors4j.stress.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Shortens a failing sequence.
final class Shrinker {

    private Shrinker() {}

    /// Removes the elements that the failure does not need: halves, quarters, and so on down to single elements,
    /// repeatedly until no element can be removed.
    ///
    /// @param failing a failing sequence
    /// @param fails whether a sequence fails
    /// @return a shorter failing sequence, or the same
    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        List<T> current = failing;
        boolean shorter = true;
        while (shorter) {
            shorter = false;
            for (int chunk = Math.max(current.size() / 2, 1); chunk > 0; chunk /= 2) {
                for (int from = 0; from < current.size(); ) {
                    List<T> rest = new ArrayList<>(current.subList(0, from));
                    rest.addAll(current.subList(Math.min(from + chunk, current.size()), current.size()));
                    if (fails.test(rest)) {
                        current = rest;
                        shorter = true;
                    } else {
                        from += chunk;
                    }
                }
            }
        }
        return current;
    }
}
