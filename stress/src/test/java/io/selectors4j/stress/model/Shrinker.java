package io.selectors4j.stress.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Makes a sequence that fails as short as it can.
final class Shrinker {

    private Shrinker() {}

    /// Takes out whatever is not needed for the failure: halves, quarters, and so on down to single steps, over and over until
    /// nothing can be taken out any more.
    ///
    /// @param failing a sequence that fails
    /// @param fails whether a sequence fails
    /// @return a shorter one, or the same
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
