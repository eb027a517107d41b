package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who waits for one object: the selectors it is registered with. So it can leave them when it closes, before its number is
/// given back. Afterwards it remembers the keys it had, for who unregisters what is closed already.
///
/// Lock order: a selector's lock comes before this one; nothing here calls a selector while holding it. A selector that is
/// itself registered with others calls [#leaveAll] and [#renewAll] without its own lock.
public final class Membership {

    /// A selector, as its members see it.
    public interface Club {

        /// Unregisters an object that is closing, if it is still registered, and lets it [Membership#depart] with its key.
        ///
        /// @param fileobj the object
        /// @param fd its descriptor, which is still open
        void leave(Pollable fileobj, int fd);

        /// Looks at an object anew: another open file has come under its number.
        ///
        /// @param fileobj the object
        /// @param fd its descriptor
        /// @throws IOException if the kernel refuses to watch it
        void renew(Pollable fileobj, int fd) throws IOException;
    }

    /// How to get from an object to its membership: one function for each class whose objects have one.
    private static final List<Function<Pollable, @Nullable Membership>> ACCESS = new CopyOnWriteArrayList<>();

    private final Set<Club> clubs = new LinkedHashSet<>(2);
    private final List<Departure> departures = new ArrayList<>(0);
    private boolean closing;

    private record Departure(Club club, SelectorKey<?> key) {

        @SuppressWarnings("ReferenceEquality") // one selector is never another
        boolean isFrom(Club other) {
            return club == other;
        }
    }

    /// Says how to get from an object of some class to its membership.
    ///
    /// @param function returns null for any other object
    public static void addAccess(Function<Pollable, @Nullable Membership> function) {
        ACCESS.add(function);
    }

    /// The membership of an object.
    ///
    /// @param fileobj the object
    /// @return its membership, or null if closing it is not this library's business
    public static @Nullable Membership of(Pollable fileobj) {
        for (Function<Pollable, @Nullable Membership> access : ACCESS) {
            Membership membership = access.apply(fileobj);
            if (membership != null) {
                return membership;
            }
        }
        return null;
    }

    /// Enters a selector.
    ///
    /// @param club the selector
    /// @return false if the object is closing and must not be registered any more
    public synchronized boolean join(Club club) {
        if (!closing) {
            clubs.add(club);
        }
        return !closing;
    }

    /// Leaves a selector.
    ///
    /// @param club the selector
    public synchronized void quit(Club club) {
        clubs.remove(club);
    }

    /// Leaves all selectors. Afterwards none can be entered.
    ///
    /// @param fileobj the object
    /// @param fd its descriptor
    public void leaveAll(Pollable fileobj, int fd) {
        List<Club> left;
        synchronized (this) {
            closing = true;
            left = List.copyOf(clubs);
            clubs.clear();
        }
        for (Club club : left) {
            club.leave(fileobj, fd);
        }
    }

    /// Makes all selectors look at the object anew.
    ///
    /// @param fileobj the object
    /// @param fd its descriptor
    /// @throws IOException if one of them cannot; the others have
    public void renewAll(Pollable fileobj, int fd) throws IOException {
        List<Club> all;
        synchronized (this) {
            all = List.copyOf(clubs);
        }
        IOException failure = null;
        for (Club club : all) {
            try {
                club.renew(fileobj, fd);
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Notes the key that the object had when it left a selector by closing.
    ///
    /// @param club the selector, which holds its lock
    /// @param key the key
    public synchronized void depart(Club club, SelectorKey<?> key) {
        departures.add(new Departure(club, key));
    }

    /// The key that the object had when it left a selector by closing.
    ///
    /// @param club the selector
    /// @return the key, the first time; null if there was none
    public synchronized @Nullable SelectorKey<?> takeDeparted(Club club) {
        for (Departure departure : departures) {
            if (departure.isFrom(club)) {
                departures.remove(departure);
                return departure.key();
            }
        }
        return null;
    }
}
