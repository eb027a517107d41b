package io.selectors4j.stress.fuzz;

import io.selectors4j.fd.Fd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.testing.Libc;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The open and closed objects of one run.
final class ObjectPool implements Closeable {

    private static final int MANY = 200;

    private final FuzzFixture fixture;
    private final Input input;
    private final List<Object> objects = new ArrayList<>();

    /// The objects to close, in the order of creation.
    private final List<AutoCloseable> closeables = new ArrayList<>();

    /// Bare numbers that stay open until this pool is closed.
    private final List<Integer> numbers = new ArrayList<>();

    /// One simulated kernel for all objects: memory in another kernel's layout would be useless.
    private final @Nullable KqueueLibc kernel;

    ObjectPool(FuzzFixture fixture, Input input) {
        this.fixture = fixture;
        this.input = input;
        int choice = input.small();
        kernel = fixture.kqueues.isEmpty() ? null : fixture.kqueues.get(choice % fixture.kqueues.size());
    }

    KqueueLibc kernel() {
        return Objects.requireNonNull(kernel);
    }

    FuzzFixture fixture() {
        return fixture;
    }

    Input input() {
        return input;
    }

    /// Adds an object. A descriptor becomes non-blocking. The ready object of the fixture, which a call may return, is
    /// not added: all runs share it.
    <T> T add(T object) {
        if (object.equals(fixture.ready)) {
            return object;
        }
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
            // It is closed, or opened with O_PATH, so reads and writes fail.
        }
    }

    /// Returns an object of a class, often an existing one; null if there is none and none can be created.
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

    /// Duplicates an open descriptor. The caller closes the duplicate.
    int duplicate() {
        List<Integer> open = objects.stream()
                .filter(Fd.class::isInstance)
                .map(fd -> ((Fd) fd).fileno())
                .filter(number -> number >= 0)
                .toList();
        int original = open.isEmpty() ? fixture.pair.reader().fileno() : open.get(input.small() % open.size());
        // A borrowed descriptor may be closed.
        int number = Libc.tryDup(original);
        return number >= 0 ? number : Libc.dup(fixture.pair.reader().fileno());
    }

    /// Returns the number of a descriptor that stays open.
    int openFd() {
        if (numbers.isEmpty() || (input.small() % 4 == 0 && numbers.size() < MANY)) {
            numbers.add(duplicate());
        }
        return numbers.get(input.small() % numbers.size());
    }

    /// Returns any number except other objects' descriptors.
    int number() {
        return switch (input.small() % 8) {
            case 0 -> -1;
            case 1 -> Integer.MIN_VALUE;
            case 2 -> Libc.NEVER_OPEN;
            case 3 -> Integer.MAX_VALUE;
            default -> openFd();
        };
    }

    /// Closes all objects. Close must not fail.
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
