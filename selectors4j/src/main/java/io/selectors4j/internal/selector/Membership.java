package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The selectors that one owned descriptor is registered with, so that it can leave them when it closes, before its
/// number is given back. Afterwards it remembers the keys it had, for who unregisters what is closed already.
///
/// Lock order: a selector's lock comes before this one; nothing here calls a selector while holding it.
public final class Membership {

    /// A selector, as its members see it.
    public interface Club {

        /// Unregisters an object that is closing, if it is still registered, and lets it [Membership#depart] with its key.
        ///
        /// @param fileobj the object
        /// @param fd its descriptor, which is still open
        void leave(Pollable fileobj, int fd);
    }

    /// How to get from an object to its membership. Set by the class whose objects have one.
    private static volatile Function<Pollable, @Nullable Membership> access = fileobj -> null;

    private final List<Club> clubs = new ArrayList<>(1);
    private final List<Departure> departures = new ArrayList<>(0);
    private boolean closing;

    private record Departure(Club club, SelectorKey<?> key) {

        @SuppressWarnings("ReferenceEquality") // one selector is never another
        boolean isFrom(Club other) {
            return club == other;
        }
    }

    /// Says how to get from an object to its membership.
    ///
    /// @param function returns null for an object without
    public static void setAccess(Function<Pollable, @Nullable Membership> function) {
        access = function;
    }

    /// The membership of an object.
    ///
    /// @param fileobj the object
    /// @return its membership, or null if closing it is not this library's business
    public static @Nullable Membership of(Pollable fileobj) {
        return access.apply(fileobj);
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
