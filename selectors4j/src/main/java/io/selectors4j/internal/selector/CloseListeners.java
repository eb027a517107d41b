package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The listeners to the close of one object: the selectors that it is registered with. They are called before the
/// object's number is closed, so it leaves each selector in time. Afterwards the object remembers the keys that it had,
/// for a later `unregister`.
///
/// Lock order: a selector's lock comes before this object's. No listener is called with this object's lock held. A
/// selector that is itself registered elsewhere calls [#fireClosing] and [#fireReplaced] without its own lock.
public final class CloseListeners {

    /// The functions that return the listeners of an object, one for each class whose objects have some.
    private static final List<Function<Pollable, @Nullable CloseListeners>> ACCESSORS = new CopyOnWriteArrayList<>();

    private static final CloseListener[] NONE = {};

    /// The value of [#listeners] once the object is closing.
    private static final CloseListener[] CLOSING = new CloseListener[0];

    private static final AtomicReferenceFieldUpdater<CloseListeners, CloseListener[]> LISTENERS =
            AtomicReferenceFieldUpdater.newUpdater(CloseListeners.class, CloseListener[].class, "listeners");

    /// Replaced, never changed in place.
    private volatile CloseListener[] listeners = NONE;

    /// The only listener that can be added; null for any.
    private volatile @Nullable CloseListener only;

    /// The stream that has left its ring with bytes for the program; null if there is none.
    private volatile @Nullable IoUringStream unread;

    private final boolean closesUnnoticed;
    private final boolean ownsFd;
    private final boolean keepsEvents;
    private List<ClosedKey> closedKeys = List.of();

    private record ClosedKey(CloseListener listener, SelectorKey<?> key) {

        @SuppressWarnings("ReferenceEquality") // a selector equals only itself
        boolean isOf(CloseListener other) {
            return listener == other;
        }
    }

    /// Creates the listeners of an object that calls [#fireClosing] when it closes.
    ///
    /// @param ownsFd whether no other code closes the descriptor
    /// @param keepsEvents whether a poll of the object consumes no condition, see
    ///     [io.selectors4j.internal.sys.NestedPoll]; false if that is not known
    public CloseListeners(boolean ownsFd, boolean keepsEvents) {
        this(false, ownsFd, keepsEvents);
    }

    private CloseListeners(boolean closesUnnoticed, boolean ownsFd, boolean keepsEvents) {
        this.closesUnnoticed = closesUnnoticed;
        this.ownsFd = ownsFd;
        this.keepsEvents = keepsEvents;
    }

    /// Creates the listeners of an object that other code closes. Nothing calls [#fireClosing]: a selector has to ask
    /// the object for its number.
    public static CloseListeners ofForeign() {
        return new CloseListeners(true, false, false);
    }

    /// Returns whether no other code closes the descriptor, so that each close calls [#fireClosing].
    public boolean ownsFd() {
        return ownsFd;
    }

    /// Returns whether a poll of the object is known to consume no condition.
    public boolean keepsEvents() {
        return keepsEvents;
    }

    /// Returns whether the object closes without a call of [#fireClosing].
    public boolean closesUnnoticed() {
        return closesUnnoticed;
    }

    /// Adds the function that returns the listeners of a class's objects, and null for all other objects.
    public static void addAccessor(Function<Pollable, @Nullable CloseListeners> accessor) {
        ACCESSORS.add(accessor);
    }

    /// Returns the accessors of all classes.
    static List<Function<Pollable, @Nullable CloseListeners>> accessors() {
        return ACCESSORS;
    }

    /// Restricts the object to one selector, or lifts the restriction.
    ///
    /// @param listener the selector's; null for any
    /// @return false if there is a listener already
    public boolean restrictTo(@Nullable CloseListener listener) {
        CloseListener[] current = listeners;
        boolean free = listener == null || current.length == 0;
        if (free) {
            only = listener;
        }
        return free;
    }

    /// Throws an exception if the object is restricted to another listener.
    ///
    /// @param fileobj the object
    /// @param listener the listener, or null
    /// @throws IllegalStateException if it is
    public void requireUnrestricted(Pollable fileobj, @Nullable CloseListener listener) {
        CloseListener allowed = only;
        if (allowed != null && !allowed.equals(listener)) {
            throw new IllegalStateException("a batched socket, whose bytes another selector has: " + fileobj);
        }
    }

    /// Sets the stream that has left its ring with bytes for the program, or null if they are read.
    void setUnread(@Nullable IoUringStream stream) {
        unread = stream;
    }

    /// Returns whether the object has bytes in memory of the library, which the kernel does not report.
    public boolean hasUnreadBytes() {
        IoUringStream stream = unread;
        return stream != null && stream.available() > 0;
    }

    /// Returns the listeners of an object, or null if the library does not learn of its close.
    public static @Nullable CloseListeners of(Pollable fileobj) {
        for (Function<Pollable, @Nullable CloseListeners> accessor : ACCESSORS) {
            CloseListeners listeners = accessor.apply(fileobj);
            if (listeners != null) {
                return listeners;
            }
        }
        return null;
    }

    /// Adds a listener, unless it is there.
    ///
    /// @return false if the object is closing: it must not be registered
    public boolean add(CloseListener listener) {
        while (true) {
            CloseListener[] current = listeners;
            if (isClosing(current)) {
                return false;
            }
            if (indexOf(listener, current) >= 0) {
                return true;
            }
            CloseListener[] more = Arrays.copyOf(current, current.length + 1);
            more[current.length] = listener;
            if (LISTENERS.compareAndSet(this, current, more)) {
                return true;
            }
        }
    }

    /// Removes a listener, if it is there.
    public void remove(CloseListener listener) {
        while (true) {
            CloseListener[] current = listeners;
            int index = indexOf(listener, current);
            if (index < 0 || LISTENERS.compareAndSet(this, current, without(index, current))) {
                return;
            }
        }
    }

    /// Calls and removes all listeners. Afterwards none can be added.
    public void fireClosing(Pollable fileobj, int fd) {
        CloseListener[] all = LISTENERS.getAndSet(this, CLOSING);
        fireClosing(all, 0, fileobj, fd);
    }

    /// Calls the listeners from an index on, also if one of them fails.
    private static void fireClosing(CloseListener[] listeners, int first, Pollable fileobj, int fd) {
        for (int i = first; i < listeners.length; i++) {
            try {
                listeners[i].onClosing(fileobj, fd);
            } catch (Throwable t) {
                fireClosing(listeners, i + 1, fileobj, fd);
                throw t;
            }
        }
    }

    /// Calls [CloseListener#onReplaced] of all listeners.
    ///
    /// @throws IOException if one of them fails; the others were called
    public void fireReplaced(Pollable fileobj, int fd) throws IOException {
        IOException failure = null;
        for (CloseListener listener : listeners) {
            try {
                listener.onReplaced(fileobj, fd);
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Remembers the key that the object had in a selector. Called with the selector's lock held.
    public synchronized void rememberKey(CloseListener selector, SelectorKey<?> key) {
        ClosedKey closed = new ClosedKey(selector, key);
        closedKeys = closedKeys.isEmpty()
                ? List.of(closed) // nearly always
                : Stream.concat(closedKeys.stream(), Stream.of(closed)).toList();
    }

    /// Returns, once, the key that an object had in a selector when it closed; or null.
    public static @Nullable SelectorKey<?> takeRememberedKey(Pollable fileobj, CloseListener selector) {
        CloseListeners listeners = of(fileobj);
        return listeners == null ? null : listeners.takeRememberedKey(selector);
    }

    /// Returns, once, the key that the object had in a selector when it closed; or null.
    public synchronized @Nullable SelectorKey<?> takeRememberedKey(CloseListener selector) {
        for (ClosedKey closed : closedKeys) {
            if (closed.isOf(selector)) {
                closedKeys = closedKeys.size() == 1 ? List.of() : without(selector);
                return closed.key();
            }
        }
        return null;
    }

    private List<ClosedKey> without(CloseListener selector) {
        return closedKeys.stream().filter(closed -> !closed.isOf(selector)).toList();
    }

    @SuppressWarnings("ReferenceEquality") // a marker
    private static boolean isClosing(CloseListener[] listeners) {
        return listeners == CLOSING;
    }

    @SuppressWarnings("ReferenceEquality") // a selector equals only itself
    private static int indexOf(CloseListener listener, CloseListener[] listeners) {
        for (int i = 0; i < listeners.length; i++) {
            if (listeners[i] == listener) {
                return i;
            }
        }
        return -1;
    }

    private static CloseListener[] without(int index, CloseListener[] listeners) {
        if (listeners.length == 1) {
            return NONE;
        }
        CloseListener[] fewer = Arrays.copyOf(listeners, listeners.length - 1);
        System.arraycopy(listeners, index + 1, fewer, index, fewer.length - index);
        return fewer;
    }
}
