package io.selectors4j.stress.misuse;

import io.selectors4j.stress.misuse.FdKind.OpenObject;
import io.selectors4j.testing.OpenFiles;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The next owners of the numbers of an object: a [NewOwner] for each number, which takes the number over as soon as it
/// is released. The owners are created before that, with numbers of their own.
final class FdReuse implements Closeable {

    private final List<Owner> owners = new ArrayList<>();

    private record Owner(int number, NewOwner sentinel) {}

    /// An open object, and the next owners of its numbers.
    ///
    /// @param open the object
    /// @param reuse the next owners
    record Opened(OpenObject open, FdReuse reuse) implements Closeable {

        @Override
        public void close() throws IOException {
            try (open;
                    reuse) {
                // closes both; the next owners first, because they share numbers with the object
            }
        }
    }

    static Opened open(FdKind kind) throws IOException {
        Map<Integer, String> before = OpenFiles.list();
        OpenObject open = kind.open();
        FdReuse reuse = new FdReuse();
        for (Map.Entry<Integer, String> number : OpenFiles.since(before).entrySet()) {
            NewOwner sentinel = NewOwner.like(number.getValue(), FdInfo.isWriter(number.getKey()));
            reuse.owners.add(new Owner(number.getKey(), sentinel));
        }
        return new Opened(open, reuse);
    }

    /// Gives released numbers to their next owners.
    ///
    /// @return how many numbers were free
    int reuseNumbers() {
        int taken = 0;
        for (Owner successor : owners) {
            if (successor.sentinel.reuseNumbers(successor.number)) {
                taken++;
            }
        }
        return taken;
    }

    /// Requires that no call has affected the next owners.
    void expectUntouched() throws IOException {
        for (Owner successor : owners) {
            successor.sentinel.expectUntouched();
        }
    }

    @Override
    public void close() throws IOException {
        for (Owner successor : owners) {
            successor.sentinel.close();
        }
    }
}
