package io.selectors4j;

import io.selectors4j.internal.sys.Descriptors;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The registrations of one selector, indexed by descriptor, and the version of the whole: a counter that each change
/// increments. The registry's lock guards all methods except [#version] and the reads of [#liveKeys].
///
/// The table is as long as the largest descriptor needs. So a registration is put only after the kernel has found its
/// descriptor open: the number of a closed one can be anything.
///
/// The table keeps keys and tokens in plain arrays, so dispatching an event does not touch the [Registration] (a likely
/// cache miss).
///
/// @param <A> type of the keys' data
final class KeyTable<A extends @Nullable Object> {

    private static final int INITIAL_LENGTH = 64;

    /// The bits of an element of [#lastEvents] that hold the number of a [Readiness].
    private static final long READINESS_BITS = 0xFFFF;

    private @Nullable Registration<A>[] byFd = newRegistrations(INITIAL_LENGTH);

    /// The keys of the registrations whose objects cannot be closed unnoticed.
    private @Nullable SelectorKey<A>[] liveKeys = newKeys(INITIAL_LENGTH);

    /// The upper halves of the tokens.
    private int[] liveTokens = new int[INITIAL_LENGTH];

    /// The last event of each registration: its time in the upper bits and the number of its [Readiness] in the lower
    /// ones; 0 before the first event.
    private long[] lastEvents = new long[INITIAL_LENGTH];

    private int size;

    /// Written with the lock held, read without it.
    private volatile long version;

    int size() {
        return size;
    }

    /// Returns one more than the largest descriptor that fits without growing.
    int length() {
        return byFd.length;
    }

    /// Returns the number of changes so far, by any thread. May be read without the lock.
    long version() {
        return version;
    }

    /// Increments the version. Comes before the [#put], [#refresh] or [#remove] that publishes the change.
    ///
    /// @return the version before: that of the change
    @SuppressWarnings("NonAtomicVolatileUpdate") // with the lock held
    long nextVersion() {
        long before = version++;
        VarHandle.storeStoreFence(); // a thread that reads the new key reads the new version
        return before;
    }

    /// Returns the registration of a number, or null.
    @Nullable
    Registration<A> get(int fd) {
        return fd >= 0 && fd < byFd.length ? byFd[fd] : null;
    }

    /// Returns the registration of an object under a number, or null if the number belongs to another object.
    @Nullable
    Registration<A> forObject(Pollable fileobj, int fd) {
        Registration<A> registration = get(fd);
        return registration != null && registration.isOf(fileobj) ? registration : null;
    }

    /// Returns the registration whose [Registration#token] an event carries, or null.
    @Nullable
    Registration<A> forToken(long token) {
        Registration<A> registration = get((int) token);
        return registration != null && registration.token() == token ? registration : null;
    }

    /// Returns the key of the registration whose [Registration#token] an event carries. Null if there is none, or if
    /// its object can be closed unnoticed; then [#forToken] tells.
    @Nullable
    SelectorKey<A> liveKey(long token) {
        int fd = (int) token;
        boolean live = fd >= 0 && fd < liveTokens.length && liveTokens[fd] == (int) (token >>> Integer.SIZE);
        return live ? liveKeys[fd] : null;
    }

    /// Returns the keys of [#liveKey] by descriptor: the table's own array, until it grows. A reader without the lock
    /// reads [#version] afterwards, since a replaced key is preceded by a new version.
    @Nullable
    SelectorKey<A>[] liveKeys() {
        return liveKeys;
    }

    /// Returns the registration of an object: of this very object, even if it has another descriptor now or none;
    /// otherwise the registration of its descriptor; or null. Linear only if another object, or none, is registered
    /// under the object's number.
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

    /// Makes room for a descriptor. After a failure for lack of memory the table is as before.
    void reserve(int fd) {
        if (fd >= byFd.length) {
            int length = Math.max(fd + 1, 2 * byFd.length);
            @Nullable Registration<A>[] registrations = Arrays.copyOf(byFd, length);
            @Nullable SelectorKey<A>[] keys = Arrays.copyOf(liveKeys, length);
            int[] tokens = Arrays.copyOf(liveTokens, length);
            long[] events = Arrays.copyOf(lastEvents, length);
            byFd = registrations;
            liveKeys = keys;
            liveTokens = tokens;
            lastEvents = events;
        }
    }

    /// Puts a registration, whose descriptor is open and has none yet.
    void put(Registration<A> registration) {
        int fd = registration.fd();
        reserve(fd);
        byFd[fd] = registration;
        lastEvents[fd] = 0;
        size++;
        refresh(registration);
    }

    /// Copies the key and the token of a changed registration.
    void refresh(Registration<A> registration) {
        int fd = registration.fd();
        liveKeys[fd] = registration.closesUnnoticed() ? null : registration.key();
        liveTokens[fd] = (int) (registration.token() >>> Integer.SIZE);
    }

    /// Removes a registration that is in the table.
    void remove(Registration<A> registration) {
        byFd[registration.fd()] = null;
        liveKeys[registration.fd()] = null;
        size--;
    }

    /// Records an event of a registration.
    ///
    /// @param time of [System#nanoTime]
    /// @param readiness the number of the [Readiness]
    void setLastEvent(int fd, long time, int readiness) {
        lastEvents[fd] = (time | READINESS_BITS) ^ READINESS_BITS ^ readiness;
    }

    /// Returns the [Readiness] of the last event of a registration, or null.
    @Nullable
    Readiness lastReadiness(int fd) {
        return lastEvents[fd] == 0 ? null : Readiness.of((int) (lastEvents[fd] & READINESS_BITS));
    }

    /// Returns the time of the last event of a registration, rounded down to 65,536 nanoseconds.
    long lastEventTime(int fd) {
        return lastEvents[fd] & ~READINESS_BITS;
    }

    /// Returns a copy of all registrations, in the order of their descriptors.
    List<Registration<A>> all() {
        List<Registration<A>> all = new ArrayList<>(size);
        for (Registration<A> registration : byFd) {
            if (registration != null) {
                all.add(registration);
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked") // generic arrays cannot be created otherwise
    private static <A extends @Nullable Object> @Nullable Registration<A>[] newRegistrations(int length) {
        return (Registration<A>[]) new Registration<?>[length];
    }

    @SuppressWarnings("unchecked") // generic arrays cannot be created otherwise
    private static <A extends @Nullable Object> @Nullable SelectorKey<A>[] newKeys(int length) {
        return (SelectorKey<A>[]) new SelectorKey<?>[length];
    }
}
