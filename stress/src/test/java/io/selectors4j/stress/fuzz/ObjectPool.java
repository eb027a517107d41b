package io.selectors4j.stress.fuzz;

import io.selectors4j.fd.Fd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.testing.Libc;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects of one run, open and closed ones.
final class ObjectPool implements Closeable {

    private static final int MANY = 200;

    private final FuzzFixture fixture;
    private final Input input;
    private final List<Object> objects = new ArrayList<>();

    /// What has to be closed, in the order in which it was made.
    private final List<AutoCloseable> closeables = new ArrayList<>();

    /// Descriptors that nothing but their number is known of, and that are open as long as this.
    private final List<Integer> numbers = new ArrayList<>();

    /// One for all, since there is one in reality: memory in the shape of another one would be no use.
    private final KqueueLibc kernel;

    ObjectPool(FuzzFixture fixture, Input input) {
        this.fixture = fixture;
        this.input = input;
        kernel = fixture.kqueues.get(input.small() % fixture.kqueues.size());
    }

    KqueueLibc kernel() {
        return kernel;
    }

    FuzzFixture fixture() {
        return fixture;
    }

    Input input() {
        return input;
    }

    /// Takes in an object. What is a descriptor does not block from now on.
    <T> T add(T object) {
        if (object instanceof AutoCloseable closeable && !closeables.contains(closeable)) {
            closeables.add(closeable);
        }
        if (object instanceof Fd fd) {
            setNonBlocking(fd);
        }
        if (objects.size() < MANY) {
            objects.add(object);
        }
        return object;
    }

    static void setNonBlocking(Fd fd) {
        try {
            fd.setBlocking(false);
        } catch (IOException e) {
            // It is closed, or one of O_PATH: then nothing can be read or written.
        }
    }

    /// An object of a class, often one that is there already; null if there is none and none can be made.
    <T> @Nullable T any(Class<T> type) throws IOException {
        List<T> known =
                objects.stream().filter(type::isInstance).map(type::cast).toList();
        int choice = input.small();
        if (!known.isEmpty() && choice % 4 != 0) {
            return known.get(choice / 4 % known.size());
        }
        T made = ObjectFactory.make(type, this);
        if (made == null && !known.isEmpty()) {
            return known.get(choice % known.size());
        }
        return made;
    }

    /// A new descriptor for the open file of another one. Who takes it has to close it.
    int duplicate() {
        List<Integer> open = objects.stream()
                .filter(Fd.class::isInstance)
                .map(fd -> ((Fd) fd).fileno())
                .filter(number -> number >= 0)
                .toList();
        int original = open.isEmpty() ? fixture.pipe.reader().fileno() : open.get(input.small() % open.size());
        // That of an object that owns none may be closed.
        int number = Libc.tryDup(original);
        return number >= 0 ? number : Libc.dup(fixture.pipe.reader().fileno());
    }

    /// The number of a descriptor that stays open.
    int openFd() {
        if (numbers.isEmpty() || (input.small() % 4 == 0 && numbers.size() < MANY)) {
            numbers.add(duplicate());
        }
        return numbers.get(input.small() % numbers.size());
    }

    /// Any number that is no descriptor of anybody else's.
    int number() {
        return switch (input.small() % 8) {
            case 0 -> -1;
            case 1 -> Integer.MIN_VALUE;
            case 2 -> Libc.NEVER_OPEN;
            case 3 -> Integer.MAX_VALUE;
            default -> openFd();
        };
    }

    /// Closes everything, which does not fail.
    @Override
    public void close() throws IOException {
        AssertionError failure = null;
        for (AutoCloseable closeable : closeables.reversed()) {
            try {
                closeable.close();
            } catch (Exception e) {
                failure = new AssertionError("close of " + closeable, e);
            }
        }
        numbers.forEach(Libc::close);
        fixture.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
