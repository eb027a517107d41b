package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import io.selectors4j.internal.sys.Filenos;
import io.selectors4j.internal.sys.RawDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The registrations of one selector, found by descriptor, and how often they have changed. Its user locks.
///
/// The table is as long as the largest descriptor needs, so nothing may be put that the kernel has not found open: the
/// number of a closed one can be anything.
///
/// @param <A> type of the keys' data
public final class KeyTable<A extends @Nullable Object> {

    private @Nullable Registration<A>[] byFd = newArray(64);
    private int size;

    /// Written with the lock held; read without it.
    private volatile long changes;

    /// How many registrations there are.
    ///
    /// @return the number of registrations
    public int size() {
        return size;
    }

    /// How often a registration has begun, changed, or ended.
    ///
    /// @return the number of changes, by any thread
    public long changes() {
        return changes;
    }

    /// A registration begins, changes, or ends.
    ///
    /// @return how many changes there were before
    @SuppressWarnings("NonAtomicVolatileUpdate") // with the lock held
    public long change() {
        return changes++;
    }

    /// Finds by number.
    ///
    /// @param fd any number
    /// @return the registration, or null
    public @Nullable Registration<A> get(int fd) {
        return fd >= 0 && fd < byFd.length ? byFd[fd] : null;
    }

    /// Finds by number and object.
    ///
    /// @param fileobj the very object that was registered
    /// @param fd its descriptor then
    /// @return its registration, or null
    public @Nullable Registration<A> ofObject(Pollable fileobj, int fd) {
        Registration<A> registration = get(fd);
        return registration != null && registration.isOf(fileobj) ? registration : null;
    }

    /// Finds by what an event carries.
    ///
    /// @param token any value
    /// @return the live registration whose [Registration#token] this is, or null
    public @Nullable Registration<A> byToken(long token) {
        Registration<A> registration = get((int) token);
        return registration != null && registration.token() == token ? registration : null;
    }

    /// Finds by object: the very object that was registered, even if it has another descriptor now, or none any more; or
    /// else the registration of the object's descriptor. Takes long only where there is another object, or none, under the
    /// number of one that is not a bare number.
    ///
    /// @param fileobj the object
    /// @return its registration, or null
    public @Nullable Registration<A> find(Pollable fileobj) {
        Registration<A> byNumber = get(Filenos.probe(fileobj));
        if (fileobj instanceof RawDescriptor || (byNumber != null && byNumber.isOf(fileobj))) {
            return byNumber;
        }
        for (Registration<A> registration : byFd) {
            if (registration != null && registration.isOf(fileobj)) {
                return registration;
            }
        }
        return byNumber;
    }

    /// Puts a registration in place of none.
    ///
    /// @param registration a registration whose descriptor is open
    public void put(Registration<A> registration) {
        int fd = registration.fd();
        if (fd >= byFd.length) {
            byFd = Arrays.copyOf(byFd, Math.max(fd + 1, 2 * byFd.length));
        }
        byFd[fd] = registration;
        size++;
    }

    /// Removes a registration that is in the table.
    ///
    /// @param registration the registration
    public void remove(Registration<A> registration) {
        byFd[registration.fd()] = null;
        size--;
    }

    /// All registrations, in the order of their descriptors.
    ///
    /// @return a copy
    public List<Registration<A>> all() {
        List<Registration<A>> all = new ArrayList<>(size);
        for (Registration<A> registration : byFd) {
            if (registration != null) {
                all.add(registration);
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked") // an array cannot be created otherwise
    private static <A extends @Nullable Object> @Nullable Registration<A>[] newArray(int length) {
        return (Registration<A>[]) new Registration<?>[length];
    }
}
