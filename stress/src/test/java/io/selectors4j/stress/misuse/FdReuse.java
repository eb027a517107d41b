package io.selectors4j.stress.misuse;

import io.selectors4j.stress.misuse.FdKind.Specimen;
import io.selectors4j.testing.OpenFiles;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Who takes the numbers of a specimen over, as soon as they are given back: a [Sentinel] for each. They are made before that, with numbers
/// of their own.
final class FdReuse implements Closeable {

    private final List<Successor> all = new ArrayList<>();

    private record Successor(int number, Sentinel sentinel) {}

    /// Opens a specimen, and makes those that are to follow it.
    ///
    /// @param specimen what was opened
    /// @param successors who follow
    record Opened(Specimen specimen, FdReuse successors) implements Closeable {

        @Override
        public void close() throws IOException {
            try (specimen;
                    successors) {
                // nothing but to close both; the successors first, who would lose what they have of the specimen's
            }
        }
    }

    static Opened open(FdKind kind) throws IOException {
        Map<Integer, String> before = OpenFiles.list();
        Specimen specimen = kind.open();
        FdReuse successors = new FdReuse();
        for (Map.Entry<Integer, String> number : OpenFiles.since(before).entrySet()) {
            Sentinel sentinel = Sentinel.like(number.getValue(), Numbers.isWriter(number.getKey()));
            successors.all.add(new Successor(number.getKey(), sentinel));
        }
        return new Opened(specimen, successors);
    }

    /// Takes over what is free.
    ///
    /// @return how many numbers
    int takeOver() {
        int taken = 0;
        for (Successor successor : all) {
            if (successor.sentinel.takeOver(successor.number)) {
                taken++;
            }
        }
        return taken;
    }

    /// Makes sure that nobody has done anything to them.
    void expectUntouched() throws IOException {
        for (Successor successor : all) {
            successor.sentinel.expectUntouched();
        }
    }

    @Override
    public void close() throws IOException {
        for (Successor successor : all) {
            successor.sentinel.close();
        }
    }
}
