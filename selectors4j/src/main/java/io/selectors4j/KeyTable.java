package io.selectors4j;

import io.selectors4j.internal.sys.Descriptors;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The registrations of one selector, found by descriptor, and how often they have changed. Its user locks, except for
/// [#version].
///
/// The table is as long as the largest descriptor needs, so nothing may be put that the kernel has not found open: the
/// number of a closed one can be anything.
///
/// What most events need stands in arrays of its own: the last change and the key. So that takes few places in memory, many
/// events share one, and the registrations stay out of it.
///
/// @param <A> type of the keys' data
final class KeyTable<A extends @Nullable Object> {

    private @Nullable Registration<A>[] byFd = newRegistrations(64);

    /// The keys of the registrations that are alive as long as they are in the table.
    private @Nullable SelectorKey<A>[] liveKeys = newKeys(64);

    /// The upper half of their tokens.
    private int[] liveTokens = new int[64];

    private int size;

    /// Written with the lock held; read without it.
    private volatile long version;

    /// How many registrations there are.
    ///
    /// @return the number of registrations
    int size() {
        return size;
    }

    /// How often a registration has begun, changed, or ended.
    ///
    /// @return the number of changes, by any thread
    long version() {
        return version;
    }

    /// A registration begins, changes, or ends. Has to be called before [#put], [#refresh] or [#remove] makes that known.
    ///
    /// @return how many changes there were before
    @SuppressWarnings("NonAtomicVolatileUpdate") // with the lock held
    long nextVersion() {
        long before = version++;
        VarHandle.storeStoreFence(); // whoever sees what is new sees this
        return before;
    }

    /// Finds by number.
    ///
    /// @param fd any number
    /// @return the registration, or null
    @Nullable
    Registration<A> get(int fd) {
        return fd >= 0 && fd < byFd.length ? byFd[fd] : null;
    }

    /// Finds by number and object.
    ///
    /// @param fileobj the very object that was registered
    /// @param fd its descriptor then
    /// @return its registration, or null
    @Nullable
    Registration<A> forObject(Pollable fileobj, int fd) {
        Registration<A> registration = get(fd);
        return registration != null && registration.isOf(fileobj) ? registration : null;
    }

    /// Finds by what an event carries.
    ///
    /// @param token any value
    /// @return the live registration whose [Registration#token] this is, or null
    @Nullable
    Registration<A> forToken(long token) {
        Registration<A> registration = get((int) token);
        return registration != null && registration.token() == token ? registration : null;
    }

    /// The key that an event is for, if its registration is alive without any doubt.
    ///
    /// @param token any value
    /// @return the key of the registration whose [Registration#token] this is; or null: then [#forToken] tells
    @Nullable
    SelectorKey<A> liveKey(long token) {
        int fd = (int) token;
        return fd >= 0 && fd < liveTokens.length && liveTokens[fd] == (int) (token >>> Integer.SIZE)
                ? liveKeys[fd]
                : null;
    }

    /// The keys of all registrations that are alive without any doubt, by number: this table's own array, until it needs a longer one. Who
    /// reads it without the lock has to read [#version] afterwards: whoever puts another key there counts a change before.
    ///
    /// @return the keys, not to be written to
    @Nullable
    SelectorKey<A>[] liveKeys() {
        return liveKeys;
    }

    /// Finds by object: the very object that was registered, even if it has another descriptor now, or none any more; or
    /// else the registration of the object's descriptor. Takes long only where there is another object, or none, under the
    /// number of one that is not a bare number.
    ///
    /// @param fileobj the object
    /// @return its registration, or null
    @Nullable
    Registration<A> find(Pollable fileobj) {
        Registration<A> byNumber = get(Descriptors.fdOrMinusOne(fileobj));
        if (fileobj instanceof RawFd || (byNumber != null && byNumber.isOf(fileobj))) {
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
    void put(Registration<A> registration) {
        int fd = registration.fd();
        if (fd >= byFd.length) {
            int length = Math.max(fd + 1, 2 * byFd.length);
            byFd = Arrays.copyOf(byFd, length);
            liveKeys = Arrays.copyOf(liveKeys, length);
            liveTokens = Arrays.copyOf(liveTokens, length);
        }
        byFd[fd] = registration;
        size++;
        refresh(registration);
    }

    /// A registration that is in the table has changed.
    ///
    /// @param registration the registration
    void refresh(Registration<A> registration) {
        int fd = registration.fd();
        liveKeys[fd] = registration.closesUnnoticed() ? null : registration.key();
        liveTokens[fd] = (int) (registration.token() >>> Integer.SIZE);
    }

    /// Removes a registration that is in the table.
    ///
    /// @param registration the registration
    void remove(Registration<A> registration) {
        byFd[registration.fd()] = null;
        liveKeys[registration.fd()] = null;
        size--;
    }

    /// All registrations, in the order of their descriptors.
    ///
    /// @return a copy
    List<Registration<A>> all() {
        List<Registration<A>> all = new ArrayList<>(size);
        for (Registration<A> registration : byFd) {
            if (registration != null) {
                all.add(registration);
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked") // an array cannot be created otherwise
    private static <A extends @Nullable Object> @Nullable Registration<A>[] newRegistrations(int length) {
        return (Registration<A>[]) new Registration<?>[length];
    }

    @SuppressWarnings("unchecked") // likewise
    private static <A extends @Nullable Object> @Nullable SelectorKey<A>[] newKeys(int length) {
        return (SelectorKey<A>[]) new SelectorKey<?>[length];
    }
}
