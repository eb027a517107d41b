package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A selector of `java.nio.channels` on a selector of the library.
///
/// Registrations and changes of the operations of interest are queued, and applied when a selection operation begins:
/// they have no effect on one in progress, as with the JDK's selector, and several changes of a key cost one system
/// call at most.
///
/// The locks of a selection operation are those that [java.nio.channels.Selector] names, in its order: the selector,
/// the selected-key set, and while keys are removed the cancelled-key set. [#changes] comes last.
final class FdSelector extends AbstractSelector {

    private final Selector<FdSelectionKey> selector;

    /// Null if the library's selector does not batch sockets.
    private final @Nullable BatchedChannels batched;

    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);

    /// Guarded by [#publicSelectedKeys], which programs may lock too.
    private final Set<SelectionKey> selectedKeys = new HashSet<>();

    private final Set<SelectionKey> publicSelectedKeys = new UngrowableSet(selectedKeys);

    /// The keys of descriptors of any kind.
    private final Set<FdSelectionKey> fdKeys = ConcurrentHashMap.newKeySet();

    /// The keys whose registration or operations of interest are to be applied.
    @GuardedBy("changes")
    private final Deque<FdSelectionKey> changes = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean isSelecting;

    /// Adds ready keys to the selected-key set. An object that is kept, so that a select creates none.
    private final ReadyHandler<FdSelectionKey, IOException> selectKey = this::selectKey;

    /// The number of keys that this selection operation has updated. Belongs to the selecting thread.
    private int updated;

    FdSelector(SelectorsProvider provider, Selector<FdSelectionKey> selector) {
        super(provider);
        this.selector = selector;
        batched = selector instanceof IoUringSelector<FdSelectionKey> ring ? new BatchedChannels(this, ring) : null;
    }

    /// The selected-key set as programs see it: keys can be removed, but not added.
    private static final class UngrowableSet extends java.util.AbstractSet<SelectionKey> {

        private final Set<SelectionKey> set;

        UngrowableSet(Set<SelectionKey> set) {
            this.set = set;
        }

        @Override
        public Iterator<SelectionKey> iterator() {
            return set.iterator();
        }

        @Override
        public int size() {
            return set.size();
        }

        @Override
        public boolean contains(@Nullable Object key) {
            return set.contains(key);
        }

        @Override
        public boolean remove(@Nullable Object key) {
            return set.remove(key);
        }

        @Override
        public void clear() {
            set.clear();
        }
    }

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return publicKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return publicSelectedKeys;
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        ensureOpen();
        FdSelectionKey key = switch (channel) {
            case SelectableFd fd -> new FdSelectionKey(this, channel, fd);
            case FdChannel any when any.getClass() == FdChannel.class -> keyOf(any);
            default -> throw new IllegalSelectorException();
        };
        key.attach(attachment);
        keys.add(key);
        try {
            key.interestOps(ops);
        } catch (CancelledKeyException e) {
            // another thread has found the key in the key set
        }
        if (!isOpen()) {
            keys.remove(key);
            throw new ClosedSelectorException();
        }
        return key;
    }

    /// Creates the key of a descriptor of any kind. Finds out at once whether the backend can wait for it, and whether
    /// another channel has registered the same descriptor.
    private FdSelectionKey keyOf(FdChannel channel) {
        FdSelectionKey key = new FdSelectionKey(this, channel, channel.selectable());
        try {
            selector.register(key.fd().pollable(), firstInterest(), key);
            selector.modify(key.fd().pollable(), Interest.NONE, key);
            key.isRegistered = true;
        } catch (IOException | AlreadyRegisteredException e) {
            throw new IllegalArgumentException("the selector cannot wait for " + channel + ": " + e.getMessage(), e);
        }
        fdKeys.add(key);
        return key;
    }

    /// Returns the interest of a new registration, with which the kernel tells whether it can wait for the descriptor.
    /// A select in progress returns if the descriptor is ready for it, so it is one for which hardly any is. kqueue
    /// does not support that one everywhere.
    private Interest firstInterest() {
        return selector.backend() == Backend.KQUEUE ? Interest.READ : Interest.PRIORITY;
    }

    /// Closes the channels whose object the program has closed.
    private void closeAbandonedChannels() throws IOException {
        if (fdKeys.isEmpty()) {
            return; // no iterator for each select
        }
        for (FdSelectionKey key : fdKeys) {
            closeIfAbandoned(key);
        }
    }

    /// Closes the channel of a key if the program has closed the object, and cancels the key.
    ///
    /// @return whether the channel is closed
    private static boolean closeIfAbandoned(FdSelectionKey key) throws IOException {
        if (key.channel() instanceof FdChannel channel && channel.isAbandoned()) {
            channel.close();
        }
        if (!key.channel().isOpen()) {
            key.cancel(); // a close that fails leaves it valid
            return true;
        }
        return false;
    }

    /// Applies a key's operations of interest when the next selection operation begins.
    void applyLater(FdSelectionKey key) {
        synchronized (changes) {
            if (!key.isChanged) {
                key.isChanged = true;
                changes.addLast(key);
            }
        }
    }

    private @Nullable FdSelectionKey nextChange() {
        synchronized (changes) {
            FdSelectionKey key = changes.pollFirst();
            if (key != null) {
                key.isChanged = false;
            }
            return key;
        }
    }

    /// Applies all changes. One that fails stays, and the next selection operation tries it again.
    private void applyChanges() throws IOException {
        FdSelectionKey key;
        while ((key = nextChange()) != null) {
            try {
                apply(key);
            } catch (IOException | RuntimeException e) {
                if (!closeIfAbandoned(key) && !closeIfBad(key, e)) {
                    applyLater(key);
                    throw e;
                }
            }
        }
    }

    /// Closes the channel of a borrowed number whose owner has closed it.
    ///
    /// @param failure the failure to apply the operations of interest
    /// @return whether the channel is closed
    private static boolean closeIfBad(FdSelectionKey key, Exception failure) throws IOException {
        boolean isBad = failure instanceof NativeIOException e && e.errnoName().equals("EBADF");
        if (isBad && key.channel() instanceof FdChannel channel && channel.isBorrowed()) {
            channel.close();
            return true;
        }
        return false;
    }

    private void apply(FdSelectionKey key) throws IOException {
        if (batched != null && key.channel() instanceof FdSocketChannel channel) {
            batched.apply(key, channel);
        } else if (key.isValid()) {
            setInterest(key);
        }
    }

    /// Registers a key with the library's selector, or changes its interest.
    void setInterest(FdSelectionKey key) throws IOException {
        Interest events = key.fd().interest(key.currentOps());
        if (key.isRegistered) {
            selector.modify(key.fd().pollable(), events, key);
        } else if (!events.isEmpty()) {
            selector.register(key.fd().pollable(), events, key);
            key.isRegistered = true;
        }
    }

    /// Removes the cancelled keys from all sets.
    private void removeCancelledKeys() throws IOException {
        Set<SelectionKey> cancelled = cancelledKeys();
        SelectionKey[] copy;
        synchronized (cancelled) {
            if (cancelled.isEmpty()) {
                return;
            }
            copy = cancelled.toArray(SelectionKey[]::new);
            cancelled.clear();
        }
        for (SelectionKey key : copy) {
            remove((FdSelectionKey) key);
        }
    }

    private void remove(FdSelectionKey key) throws IOException {
        if (batched == null) {
            unregister(key);
        } else {
            batched.remove(key);
        }
        keys.remove(key);
        selectedKeys.remove(key);
        fdKeys.remove(key);
        deregister(key);
    }

    /// Unregisters a key from the library's selector, which has done it already if the descriptor is closed.
    void unregister(FdSelectionKey key) {
        if (key.isRegistered) {
            key.isRegistered = false;
            Pollable fileobj = key.fd().pollable();
            if (fileobj.fileno() >= 0) {
                try {
                    selector.unregister(fileobj);
                } catch (NotRegisteredException e) {
                    // closed meanwhile
                }
            }
        }
    }

    /// Makes the batched socket of a key an ordinary one. Ends a selection operation of another thread.
    void unbatch(FdSelectionKey key) throws IOException {
        if (batched != null) {
            batched.unbatch(key);
        }
    }

    @Override
    public int selectNow() throws IOException {
        return select(null, Duration.ZERO);
    }

    @Override
    public int select(long timeout) throws IOException {
        return select(null, duration(timeout));
    }

    @Override
    public int select() throws IOException {
        return select(null, null);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        return select(Objects.requireNonNull(action), duration(timeout));
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return select(Objects.requireNonNull(action), null);
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return select(Objects.requireNonNull(action), Duration.ZERO);
    }

    private static @Nullable Duration duration(long timeout) {
        if (timeout < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
        return timeout == 0 ? null : Duration.ofMillis(timeout);
    }

    private int select(@Nullable Consumer<SelectionKey> action, @Nullable Duration timeout) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (isSelecting) {
                throw new IllegalStateException("select in progress");
            }
            isSelecting = true;
            try {
                synchronized (publicSelectedKeys) {
                    return lockedSelect(action, timeout);
                }
            } finally {
                isSelecting = false;
            }
        }
    }

    private int lockedSelect(@Nullable Consumer<SelectionKey> action, @Nullable Duration timeout) throws IOException {
        closeAbandonedChannels();
        removeCancelledKeys();
        applyChanges();
        if (timeout != null && timeout.isZero()) {
            selector.clearWakeup(); // the library's selectNow leaves it
        }
        updated = 0;
        if (batched != null) {
            batched.beginSelect();
        }
        try {
            if (action == null) {
                selector.select(timeout, selectKey);
            } else {
                passTo(action, timeout);
            }
        } finally {
            if (batched != null) {
                batched.endSelect();
            }
            if (isOpen()) {
                removeCancelledKeys();
            }
        }
        return updated;
    }

    /// Adds a ready key to the selected-key set, or adds its ready operations if it is there.
    private void selectKey(SelectorKey<FdSelectionKey> ready, Readiness readiness) {
        FdSelectionKey key = ready.data();
        int ops = key.fd().readyOps(readiness, key.currentOps());
        if (ops == 0 || !key.isValid()) {
            return;
        }
        if (selectedKeys.contains(key)) {
            if (key.addReadyOps(ops)) {
                updated++;
            }
        } else {
            key.setReadyOps(ops);
            selectedKeys.add(key);
            updated++;
        }
    }

    /// Passes the ready keys to an action of the program. After an exception of the action, the keys that follow are
    /// not passed: the library would pass them to the next select, ready or not.
    private final class ActionHandler implements ReadyHandler<FdSelectionKey, IOException> {

        private final Consumer<SelectionKey> action;
        private @Nullable Throwable failure;

        ActionHandler(Consumer<SelectionKey> action) {
            this.action = action;
        }

        @Override
        public void ready(SelectorKey<FdSelectionKey> ready, Readiness readiness) {
            FdSelectionKey key = ready.data();
            int ops = key.fd().readyOps(readiness, key.currentOps());
            if (failure != null || ops == 0 || !key.isValid()) {
                return;
            }
            key.setReadyOps(ops);
            updated++;
            try {
                action.accept(key);
                ensureOpen();
            } catch (Throwable t) {
                failure = t;
            }
        }

        /// Throws the exception of the action.
        void rethrow() {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> {} // a Consumer declares no other
            }
        }
    }

    private void passTo(Consumer<SelectionKey> action, @Nullable Duration timeout) throws IOException {
        ActionHandler handler = new ActionHandler(action);
        try {
            selector.select(timeout, handler);
        } catch (ClosedSelectorException e) {
            handler.rethrow();
            throw e;
        }
        handler.rethrow();
    }

    @Override
    public java.nio.channels.Selector wakeup() {
        selector.wakeup();
        return this;
    }

    @Override
    protected void implCloseSelector() {
        selector.wakeup();
        synchronized (this) {
            synchronized (publicSelectedKeys) {
                if (batched == null) {
                    selector.close();
                } else {
                    batched.close();
                }
                for (SelectionKey key : keys.toArray(SelectionKey[]::new)) {
                    keys.remove(key);
                    deregister((FdSelectionKey) key);
                }
                selectedKeys.clear();
            }
        }
    }

    @Override
    public String toString() {
        return "FdSelector[" + (isOpen() ? selector.backend() + ", " + keys.size() + " keys" : "closed") + "]";
    }
}
