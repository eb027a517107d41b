package io.selectors4j;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.internal.jfr.Jfr;
import io.selectors4j.internal.selector.CloseListener;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.Descriptors;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The registered keys of one selector. The registry finds, adds, changes and removes them, and keeps the backend's
/// kernel set equal to its table. Any thread may call it, also while another one selects.
///
/// One lock guards the table and the kernel set. It is never held during a blocking wait or a call of a handler. Of
/// user code, only [Pollable#fileno] runs under it: exceptions, whose messages describe user objects, are thrown
/// without it. The lock of an object's [CloseListeners] comes after this one.
///
/// @param <A> type of the data attached to the keys
final class KeyRegistry<A extends @Nullable Object> implements CloseListener {

    /// Guards the table and the kernel set.
    final Object lock = new Object();

    final KeyTable<A> table = new KeyTable<>();

    private final AbstractSelector<A> selector;

    @GuardedBy("lock")
    private final UnreadRegistrations<A> unread;

    @GuardedBy("lock")
    private boolean closing;

    /// Written with the lock held, read without it.
    private volatile boolean closed;

    /// Whether a thread is blocked in a wait, and no change has signalled it yet.
    @GuardedBy("lock")
    private boolean needsSignal;

    /// Whether [OpenSelectors] knows the selector.
    @GuardedBy("lock")
    private boolean listed;

    /// Belongs to the selecting thread.
    private boolean wasReady;

    /// Creates an empty registry.
    ///
    /// @param selector the selector, whose kernel set follows this registry
    KeyRegistry(AbstractSelector<A> selector) {
        this.selector = selector;
        unread = new UnreadRegistrations<>(selector);
    }

    /// Registers a key. A dead registration of the same number, whose object has another descriptor by now, is
    /// replaced.
    void register(SelectorKey<A> key) throws IOException {
        Registration<A> existing;
        synchronized (lock) {
            ensureOpen();
            existing = table.get(key.fd());
            if (existing == null || Descriptors.fdOrMinusOne(existing.key().fileobj()) != key.fd()) {
                if (addToTable(key, existing)) {
                    return;
                }
                existing = null;
            }
        }
        throw existing == null
                ? Descriptors.closedException(key.fileobj())
                : new AlreadyRegisteredException(key.fileobj(), existing.key());
    }

    /// Adds a key to the kernel set and to the table, in this order: nothing enters the table before the kernel has
    /// found its descriptor open, so no number can make the table huge.
    ///
    /// @return false if the object is closing
    @GuardedBy("lock")
    private boolean addToTable(SelectorKey<A> key, @Nullable Registration<A> dead) throws IOException {
        CloseListeners listeners = CloseListeners.of(key.fileobj());
        if (listeners != null) {
            listeners.requireUnrestricted(key.fileobj(), this);
            if (!listeners.add(this)) {
                return false;
            }
        }
        Registration<A> registration = new Registration<>(key, table.nextVersion(), listeners);
        try {
            if (dead != null) {
                selector.requireOpen(key.fd()); // after a failure the dead registration stays
                selector.removeFromKernel(dead);
            }
            selector.addToKernel(registration);
            table.reserve(registration.fd());
        } catch (Throwable t) {
            selector.removeFromKernel(registration);
            if (listeners != null) {
                listeners.remove(this);
            }
            throw t;
        }
        if (dead != null) {
            removeFromTable(dead);
        }
        table.put(registration);
        unread.addIfUnread(registration);
        signalIfWaiting();
        if (registration.isClosedUnnoticed()) {
            deregister(registration);
            return false;
        }
        if (!listed) {
            listed = true;
            OpenSelectors.add(selector);
        }
        record("register", key);
        return true;
    }

    /// Records a change of the keys for JDK Flight Recorder.
    private void record(String operation, SelectorKey<A> key) {
        if (Jfr.isRegistrationEnabled()) {
            Jfr.registration(
                    selector.id(),
                    operation,
                    key.fd(),
                    key.fileobj().getClass(),
                    key.events().toString());
        }
    }

    /// Changes the interest and the data of an object's registration. If the kernel refuses, the key stays as it was.
    SelectorKey<A> modify(Pollable fileobj, Interest events, A data) throws IOException {
        synchronized (lock) {
            ensureOpen();
            Registration<A> registration = table.find(fileobj);
            if (registration != null) {
                SelectorKey<A> old = registration.key();
                SelectorKey<A> key = new SelectorKey<>(old.fileobj(), old.fd(), events, data);
                long version = table.nextVersion();
                boolean empty = events.isEmpty() && old.events().isEmpty();
                if (!empty && (events != old.events() || events.isOneShot())) {
                    registration.requireSameFd(events);
                    selector.modifyInKernel(registration, events, version);
                    registration.setVersion(version);
                    signalIfWaiting();
                }
                registration.setKey(key);
                table.refresh(registration);
                unread.addIfUnread(registration);
                record("modify", key);
                return key;
            }
        }
        throw new NotRegisteredException(fileobj);
    }

    /// Unregisters an object, also one that was closed before.
    SelectorKey<A> unregister(Pollable fileobj) {
        synchronized (lock) {
            ensureOpen();
            Registration<A> registration = table.find(fileobj);
            if (registration != null) {
                deregister(registration);
                record("unregister", registration.key());
                return registration.key();
            }
        }
        return takeRememberedKey(fileobj);
    }

    /// Returns the key that the object had when its closing unregistered it.
    @SuppressWarnings("unchecked") // a key that this registry left behind is one of its own keys
    private SelectorKey<A> takeRememberedKey(Pollable fileobj) {
        SelectorKey<?> key = CloseListeners.takeRememberedKey(fileobj, this);
        if (key == null) {
            throw new NotRegisteredException(fileobj);
        }
        return (SelectorKey<A>) key;
    }

    SelectorKey<A> getKey(Pollable fileobj) {
        synchronized (lock) {
            ensureOpen();
            Registration<A> registration = table.find(fileobj);
            if (registration != null) {
                return registration.key();
            }
        }
        throw new NotRegisteredException(fileobj);
    }

    @GuardedBy("lock")
    private void deregister(Registration<A> registration) {
        selector.removeFromKernel(registration); // first, so that a failure leaves a key that can be unregistered again
        removeFromTable(registration);
        signalIfWaiting();
    }

    @GuardedBy("lock")
    private void removeFromTable(Registration<A> registration) {
        table.nextVersion();
        table.remove(registration);
        CloseListeners listeners = registration.listeners();
        if (listeners != null) {
            listeners.remove(this);
        }
    }

    /// Unregisters an object that is closing. The object remembers its key, for a later [#unregister].
    @Override
    public void onClosing(Pollable fileobj, int fd) {
        synchronized (lock) {
            Registration<A> registration = table.forObject(fileobj, fd);
            if (registration != null) {
                deregisterClosed(registration);
            }
        }
    }

    /// Unregisters an object that is closed.
    void deregisterClosed(Registration<A> registration) {
        synchronized (lock) {
            deregister(registration);
            CloseListeners listeners = registration.listeners();
            if (listeners != null) {
                listeners.rememberKey(this, registration.key());
            }
            record("close", registration.key());
        }
    }

    @Override
    public void onReplaced(Pollable fileobj, int fd) throws IOException {
        synchronized (lock) {
            Registration<A> registration = table.forObject(fileobj, fd);
            if (registration != null) {
                selector.reregister(registration);
                signalIfWaiting();
            }
        }
    }

    /// Prepares a wait.
    ///
    /// @param blocking whether changes have to signal the wait
    /// @return the version of the table at which the wait begins
    long beginWait(boolean blocking) throws IOException {
        synchronized (lock) {
            ensureOpen();
            selector.prepareWait();
            needsSignal = blocking;
            wasReady = unread.isReady();
            return table.version();
        }
    }

    /// Returns whether a key was ready when the wait began that the kernel does not report; see [UnreadRegistrations].
    /// Only the selecting thread calls it.
    boolean wasReady() {
        return wasReady;
    }

    /// Ends a wait, and adds its events to a queue.
    ///
    /// @param found the result of [AbstractSelector#await]
    void endWait(int found, ReadyQueue<A> into) throws IOException {
        synchronized (lock) {
            needsSignal = false;
            ensureOpen();
            boolean hasUnread = unread.isReady();
            if (found > 0 || hasUnread) {
                into.begin();
            }
            if (found > 0) {
                selector.drainEvents(found, into);
            }
            if (hasUnread) {
                unread.drain(into);
            }
        }
    }

    /// Signals a blocked wait that does not see a change of the kernel set by itself. Called after the change, or
    /// before it if the change has to wait for the end of the wait.
    void signalIfWaiting() {
        synchronized (lock) {
            if (needsSignal && !selector.isLive()) {
                needsSignal = selector.waker.signal() < 0; // after a failure the next change tries again
            }
        }
    }

    /// Begins to close.
    ///
    /// @return whether this is the first call
    boolean beginClose() {
        synchronized (lock) {
            boolean first = !closing;
            closing = true;
            return first;
        }
    }

    /// Removes all keys and refuses new ones.
    void close() {
        synchronized (lock) {
            closed = true;
            if (listed) {
                OpenSelectors.remove(selector);
            }
            for (Registration<A> registration : table.all()) {
                removeFromTable(registration);
            }
        }
    }

    /// Returns the state of each key, and adds what the kernel watches beside them to a list.
    List<SelectorDump.Key<A>> dump(List<String> strayEntries) {
        synchronized (lock) {
            long now = System.nanoTime();
            List<SelectorDump.Key<A>> dump = new ArrayList<>();
            Map<Long, String> entries = selector.kernelEntries();
            for (Registration<A> registration : table.all()) {
                int fd = registration.fd();
                String entry = entries.remove(registration.token());
                Duration age = Duration.ofNanos(now - registration.registeredAt());
                Duration readyAge = Duration.ofNanos(now - table.lastEventTime(fd));
                Readiness readiness = table.lastReadiness(fd);
                dump.add(new SelectorDump.Key<>(
                        registration.key(),
                        entry != null ? entry : registration.state().toString().toLowerCase(Locale.ROOT),
                        age,
                        readiness,
                        readiness == null ? null : readyAge.compareTo(age) < 0 ? readyAge : age));
            }
            entries.forEach((token, entry) -> strayEntries.add("fd " + token.intValue() + ": " + entry));
            return dump;
        }
    }

    boolean isClosed() {
        return closed;
    }

    void ensureOpen() {
        if (closed) {
            throw new ClosedSelectorException();
        }
    }

    /// Describes the state, for [Object#toString] of the selector.
    @Override
    public String toString() {
        synchronized (lock) {
            return closed ? "[closed]" : "[" + table.size() + " keys]";
        }
    }
}
