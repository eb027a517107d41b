package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
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

    private static final Club[] NONE = {};

    /// Stands for the clubs once the object is closing.
    private static final Club[] CLOSING = new Club[0];

    /// Never changed in place.
    private final AtomicReference<Club[]> clubs = new AtomicReference<>(NONE);

    private final boolean silent;
    private List<Departure> departures = List.of();

    private record Departure(Club club, SelectorKey<?> key) {

        @SuppressWarnings("ReferenceEquality") // one selector is never another
        boolean isFrom(Club other) {
            return club == other;
        }
    }

    /// Of an object that leaves its selectors when it closes.
    public Membership() {
        this(false);
    }

    private Membership(boolean silent) {
        this.silent = silent;
    }

    /// Of an object that others close: it does not leave its selectors then, and has to be asked for its number.
    ///
    /// @return a new membership
    public static Membership ofBorrowed() {
        return new Membership(true);
    }

    /// Whether the object does not leave its selectors when it closes.
    ///
    /// @return whether it has to be asked
    boolean isSilent() {
        return silent;
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
    public boolean join(Club club) {
        while (true) {
            Club[] present = clubs.get();
            if (isClosing(present)) {
                return false;
            }
            if (indexOf(club, present) >= 0) {
                return true;
            }
            Club[] more = Arrays.copyOf(present, present.length + 1);
            more[present.length] = club;
            if (clubs.compareAndSet(present, more)) {
                return true;
            }
        }
    }

    /// Leaves a selector.
    ///
    /// @param club the selector
    public void quit(Club club) {
        while (true) {
            Club[] present = clubs.get();
            int index = indexOf(club, present);
            if (index < 0 || clubs.compareAndSet(present, without(index, present))) {
                return;
            }
        }
    }

    /// Leaves all selectors. Afterwards none can be entered.
    ///
    /// @param fileobj the object
    /// @param fd its descriptor
    public void leaveAll(Pollable fileobj, int fd) {
        for (Club club : clubs.getAndSet(CLOSING)) {
            club.leave(fileobj, fd);
        }
    }

    /// Makes all selectors look at the object anew.
    ///
    /// @param fileobj the object
    /// @param fd its descriptor
    /// @throws IOException if one of them cannot; the others have
    public void renewAll(Pollable fileobj, int fd) throws IOException {
        IOException failure = null;
        for (Club club : clubs.get()) {
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
        List<Departure> all = new ArrayList<>(departures);
        all.add(new Departure(club, key));
        departures = all;
    }

    /// The key that an object had when it left a selector by closing.
    ///
    /// @param fileobj the object
    /// @param club the selector
    /// @return the key, the first time; null if there was none
    public static @Nullable SelectorKey<?> takeDeparted(Pollable fileobj, Club club) {
        Membership membership = of(fileobj);
        return membership == null ? null : membership.takeDeparted(club);
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

    @SuppressWarnings("ReferenceEquality") // an array that only stands for something
    private static boolean isClosing(Club[] clubs) {
        return clubs == CLOSING;
    }

    @SuppressWarnings("ReferenceEquality") // one selector is never another
    private static int indexOf(Club club, Club[] clubs) {
        for (int i = 0; i < clubs.length; i++) {
            if (clubs[i] == club) {
                return i;
            }
        }
        return -1;
    }

    private static Club[] without(int index, Club[] clubs) {
        if (clubs.length == 1) {
            return NONE;
        }
        Club[] fewer = Arrays.copyOf(clubs, clubs.length - 1);
        System.arraycopy(clubs, index + 1, fewer, index, fewer.length - index);
        return fewer;
    }
}
