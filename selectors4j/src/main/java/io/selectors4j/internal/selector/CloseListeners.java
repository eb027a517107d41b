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
/// itself registered with others calls [#fireClosing] and [#fireReplaced] without its own lock.
public final class CloseListeners {

    /// A selector, as its members see it.
    public interface CloseListener {

        /// Unregisters an object that is closing, if it is still registered, and lets it [CloseListeners#rememberKey] with its key.
        ///
        /// @param fileobj the object
        /// @param fd its descriptor, which is still open
        void onClosing(Pollable fileobj, int fd);

        /// Looks at an object anew: another open file has come under its number.
        ///
        /// @param fileobj the object
        /// @param fd its descriptor
        /// @throws IOException if the kernel refuses to watch it
        void onReplaced(Pollable fileobj, int fd) throws IOException;
    }

    /// How to get from an object to its membership: one function for each class whose objects have one.
    private static final List<Function<Pollable, @Nullable CloseListeners>> ACCESSORS = new CopyOnWriteArrayList<>();

    private static final CloseListener[] NONE = {};

    /// Stands for the clubs once the object is closing.
    private static final CloseListener[] CLOSING = new CloseListener[0];

    /// Never changed in place.
    private final AtomicReference<CloseListener[]> listeners = new AtomicReference<>(NONE);

    private final boolean closesUnnoticed;
    private List<ClosedKey> closedKeys = List.of();

    private record ClosedKey(CloseListener club, SelectorKey<?> key) {

        @SuppressWarnings("ReferenceEquality") // one selector is never another
        boolean isFrom(CloseListener other) {
            return club == other;
        }
    }

    /// Of an object that leaves its selectors when it closes.
    public CloseListeners() {
        this(false);
    }

    private CloseListeners(boolean silent) {
        this.closesUnnoticed = silent;
    }

    /// Of an object that others close: it does not leave its selectors then, and has to be asked for its number.
    ///
    /// @return a new membership
    public static CloseListeners ofForeign() {
        return new CloseListeners(true);
    }

    /// Whether the object does not leave its selectors when it closes.
    ///
    /// @return whether it has to be asked
    public boolean closesUnnoticed() {
        return closesUnnoticed;
    }

    /// Says how to get from an object of some class to its membership.
    ///
    /// @param function returns null for any other object
    public static void addAccessor(Function<Pollable, @Nullable CloseListeners> function) {
        ACCESSORS.add(function);
    }

    /// The membership of an object.
    ///
    /// @param fileobj the object
    /// @return its membership, or null if closing it is not this library's business
    public static @Nullable CloseListeners of(Pollable fileobj) {
        for (Function<Pollable, @Nullable CloseListeners> access : ACCESSORS) {
            CloseListeners membership = access.apply(fileobj);
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
    public boolean add(CloseListener club) {
        while (true) {
            CloseListener[] present = listeners.get();
            if (isClosing(present)) {
                return false;
            }
            if (indexOf(club, present) >= 0) {
                return true;
            }
            CloseListener[] more = Arrays.copyOf(present, present.length + 1);
            more[present.length] = club;
            if (listeners.compareAndSet(present, more)) {
                return true;
            }
        }
    }

    /// Leaves a selector.
    ///
    /// @param club the selector
    public void remove(CloseListener club) {
        while (true) {
            CloseListener[] present = listeners.get();
            int index = indexOf(club, present);
            if (index < 0 || listeners.compareAndSet(present, without(index, present))) {
                return;
            }
        }
    }

    /// Leaves all selectors. Afterwards none can be entered.
    ///
    /// @param fileobj the object
    /// @param fd its descriptor
    public void fireClosing(Pollable fileobj, int fd) {
        for (CloseListener club : listeners.getAndSet(CLOSING)) {
            club.onClosing(fileobj, fd);
        }
    }

    /// Makes all selectors look at the object anew.
    ///
    /// @param fileobj the object
    /// @param fd its descriptor
    /// @throws IOException if one of them cannot; the others have
    public void fireReplaced(Pollable fileobj, int fd) throws IOException {
        IOException failure = null;
        for (CloseListener club : listeners.get()) {
            try {
                club.onReplaced(fileobj, fd);
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
    public synchronized void rememberKey(CloseListener club, SelectorKey<?> key) {
        List<ClosedKey> all = new ArrayList<>(closedKeys);
        all.add(new ClosedKey(club, key));
        closedKeys = all;
    }

    /// The key that an object had when it left a selector by closing.
    ///
    /// @param fileobj the object
    /// @param club the selector
    /// @return the key, the first time; null if there was none
    public static @Nullable SelectorKey<?> takeRememberedKey(Pollable fileobj, CloseListener club) {
        CloseListeners membership = of(fileobj);
        return membership == null ? null : membership.takeRememberedKey(club);
    }

    /// The key that the object had when it left a selector by closing.
    ///
    /// @param club the selector
    /// @return the key, the first time; null if there was none
    public synchronized @Nullable SelectorKey<?> takeRememberedKey(CloseListener club) {
        for (ClosedKey departure : closedKeys) {
            if (departure.isFrom(club)) {
                closedKeys.remove(departure);
                return departure.key();
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // an array that only stands for something
    private static boolean isClosing(CloseListener[] clubs) {
        return clubs == CLOSING;
    }

    @SuppressWarnings("ReferenceEquality") // one selector is never another
    private static int indexOf(CloseListener club, CloseListener[] clubs) {
        for (int i = 0; i < clubs.length; i++) {
            if (clubs[i] == club) {
                return i;
            }
        }
        return -1;
    }

    private static CloseListener[] without(int index, CloseListener[] clubs) {
        if (clubs.length == 1) {
            return NONE;
        }
        CloseListener[] fewer = Arrays.copyOf(clubs, clubs.length - 1);
        System.arraycopy(clubs, index + 1, fewer, index, fewer.length - index);
        return fewer;
    }
}
