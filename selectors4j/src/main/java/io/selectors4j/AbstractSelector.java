package io.selectors4j;

import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.Fcntl;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The contract of [Selector], but for the system calls. A backend supplies, in this order:
///
/// 1. [#add], [#change], [#remove], [#disarm], [#renew]: keep the kernel's set equal to the table;
/// 2. [#prepare], [#await], [#collect]: one wait;
/// 3. [#release]: give its descriptors back.
///
/// All but `await` and `release` are called with [#lock] held. The lock is never held while waiting, nor while a user's
/// handler runs.
///
/// @param <A> type of the data attached to the keys
abstract class AbstractSelector<A extends @Nullable Object> implements Selector<A> {

    /// Guards the table and the kernel's set.
    final Object lock = new Object();

    /// The registrations.
    final KeyTable<A> table = new KeyTable<>();

    /// What the selecting thread waits on besides.
    final Waker waker;

    private final WakeupState wakeup = new WakeupState();
    private final Outside club = new Outside();
    private final InterruptHook interrupts = new InterruptHook(club);
    private final SelectingThread selecting = new SelectingThread();
    private final ReadyQueue<A> delivery = new ReadyQueue<>(table, lock);
    private final PollFirstStrategy lookFirst = new PollFirstStrategy();
    private boolean closing;
    private volatile boolean closed;
    private long waited;
    private boolean waiting;
    private boolean kicked;

    AbstractSelector(Waker waker) {
        this.waker = waker;
    }

    /// Puts a registration, whose interest is not empty, into the kernel's set.
    abstract void add(Registration<A> registration) throws IOException;

    /// Changes the interest of a registration from that of its key to another one. Either may be empty, not both. If that
    /// goes well, the number is what [Registration#version] will be.
    abstract void change(Registration<A> registration, Interest events, long changed) throws IOException;

    /// Takes a registration, whose interest may be empty, out of the kernel's set. Its descriptor may have been closed and
    /// its number taken by another one.
    abstract void remove(Registration<A> registration);

    /// A one-shot registration has been reported: nothing more of it until it is changed.
    abstract void disarm(Registration<A> registration);

    /// The object of a registration has got another open file under the same number.
    void renew(Registration<A> registration) throws IOException {}

    /// Gets ready to wait for what is in the set now.
    abstract void prepare();

    /// Waits. Returns 0 if the time is over, and otherwise how much [#collect] has to look at.
    abstract int await(long nanos) throws IOException;

    /// Appends what the wait [#found], except what was unregistered meanwhile.
    abstract void collect(int found, ReadyQueue<A> into) throws IOException;

    /// Gives the backend's descriptors back.
    abstract void release();

    /// Makes sure that this selector takes the modes of an interest.
    void requireSupport(Interest events) {
        backend().requireSupport(events);
    }

    /// Whether a change of the set reaches a waiting thread by itself.
    boolean isLive() {
        return false;
    }

    /// Whether an [#await] of no time costs little, however many there are, and needs no [#prepare].
    boolean isLookCheap() {
        return false;
    }

    /// Leaves the selectors that this one is registered with.
    void leaveOthers() {}

    /// Ends the wait of a thread that is parked, whatever has become of the descriptors by which it would be woken.
    void endWait() {}

    /// A select ends. What the last wait found has not been handed out in full if a handler threw.
    void handedOut(boolean inFull) {}

    /// After a [#collect], tells those this selector is registered with. Without a lock: they may go round in a circle.
    void tellOthers() throws IOException {}

    @Override
    public final SelectorKey<A> register(Pollable fileobj, Interest events, A data) throws IOException {
        Objects.requireNonNull(events, "events");
        int fd = Descriptors.requireFd(fileobj);
        if (events.isEmpty()) {
            throw new IllegalArgumentException(
                    "no events to wait for on " + Descriptors.describe(fileobj) + " (fd " + fd + ")");
        }
        requireSupport(events);
        waker.requireOther(fd);
        SelectorKey<A> key = new SelectorKey<>(fileobj, fd, events, data);
        Registration<A> there;
        synchronized (lock) {
            ensureOpen();
            there = table.get(fd);
            if (there == null || Descriptors.fdOrMinusOne(there.key().fileobj()) != fd) {
                if (enter(key, there)) {
                    return key;
                }
                there = null;
            }
        }
        throw there == null
                ? Descriptors.closedException(fileobj)
                : new AlreadyRegisteredException(fileobj, there.key());
    }

    @Override
    public final SelectorKey<A> unregister(Pollable fileobj) {
        Objects.requireNonNull(fileobj, "fileobj");
        synchronized (lock) {
            ensureOpen();
            Registration<A> registration = table.find(fileobj);
            if (registration != null) {
                drop(registration);
                return registration.key();
            }
        }
        return departed(fileobj);
    }

    @Override
    public final SelectorKey<A> modify(Pollable fileobj, Interest events, A data) throws IOException {
        Objects.requireNonNull(fileobj, "fileobj");
        Objects.requireNonNull(events, "events");
        requireSupport(events);
        synchronized (lock) {
            ensureOpen();
            Registration<A> registration = table.find(fileobj);
            if (registration != null) {
                SelectorKey<A> old = registration.key();
                boolean nothing = events.isEmpty() && old.events().isEmpty();
                if (!nothing && (events != old.events() || events.isOneShot())) {
                    registration.requireSameFd(events);
                    change(registration, events, table.version());
                    registration.setVersion(table.version());
                    changed();
                }
                SelectorKey<A> key = new SelectorKey<>(old.fileobj(), old.fd(), events, data);
                registration.setKey(key);
                table.nextVersion();
                table.refresh(registration);
                return key;
            }
        }
        throw new NotRegisteredException(fileobj);
    }

    @Override
    public final SelectorKey<A> getKey(Pollable fileobj) {
        Objects.requireNonNull(fileobj, "fileobj");
        synchronized (lock) {
            ensureOpen();
            Registration<A> registration = table.find(fileobj);
            if (registration != null) {
                return registration.key();
            }
        }
        throw new NotRegisteredException(fileobj);
    }

    @Override
    public final Map<Pollable, SelectorKey<A>> getMap() {
        ensureOpen();
        return new KeyMap<>(table, lock);
    }

    @Override
    public final <X extends Exception> int select(@Nullable Duration timeout, ReadyHandler<A, X> handler)
            throws IOException, X {
        Objects.requireNonNull(handler, "handler");
        long nanos = Math.max(0, Deadline.nanos(timeout));
        begin();
        try {
            long start = Deadline.start(nanos);
            long left = nanos;
            while (true) {
                boolean over = findReady(left);
                int count = delivery.dispatch(handler);
                if (count > 0) {
                    return count;
                }
                if (over) {
                    ensureOpen(); // what was found is gone if the selector was closed meanwhile
                    return 0;
                }
                left = Deadline.left(nanos, start);
            }
        } finally {
            try {
                handedOut(delivery.isEmpty());
            } finally {
                selecting.current = null; // also at the end of the stack, where no call is possible
            }
            if (closed) {
                releaseIfIdle();
            }
        }
    }

    @Override
    public final void wakeup() {
        Waker.requireWoken(wakeup.wake(waker));
    }

    @Override
    public final boolean isOpen() {
        return !closed;
    }

    @Override
    public final void close() {
        synchronized (lock) {
            if (closing) {
                return;
            }
            closing = true;
        }
        leaveOthers();
        synchronized (lock) {
            closed = true;
            for (Registration<A> registration : table.all()) {
                forget(registration);
            }
        }
        endWait();
        int woken = wakeup.wake(waker);
        releaseIfIdle();
        Waker.requireWoken(woken);
    }

    /// Finds who a wait has found ready that knows numbers alone: not who was registered after it began.
    final @Nullable Registration<A> waitedFor(int fd) {
        Registration<A> registration = table.get(fd);
        return registration != null && registration.generation() < waited ? registration : null;
    }

    /// Appends what a wait found for a registration, which is in the table.
    final void found(Registration<A> registration, int mask, ReadyQueue<A> into) {
        if (registration.isClosedUnnoticed()) {
            depart(registration);
        } else {
            found(registration.key(), mask, into);
        }
    }

    /// Appends what a wait found for the key of a registration that is alive.
    final void found(SelectorKey<A> key, int mask, ReadyQueue<A> into) {
        Interest events = key.events();
        int readiness = Readiness.number(mask, events);
        if (readiness < 0) {
            return; // it waits for something else by now
        }
        into.add(key.fd(), readiness);
        if (events.isOneShot()) {
            disarm(Objects.requireNonNull(table.get(key.fd())));
        }
    }

    private void begin() {
        ensureOpen();
        Thread other = selecting.acquire();
        if (other != null) {
            ensureOpen();
            throw SelectingThread.refusal(other, this);
        }
    }

    /// Gives the descriptors back unless a thread is selecting, which then does it when it is done.
    private void releaseIfIdle() {
        if (selecting.acquireForClose()) {
            release();
            waker.close();
        }
    }

    /// Waits, unless something of an earlier wait is left.
    ///
    /// @return whether to return even if there is nothing to hand out: the time is over, or somebody woke this thread
    private boolean findReady(long nanos) throws IOException {
        if (delivery.hasDeliverable()) {
            return false;
        }
        if (nanos == 0) {
            getReady(false);
            takeIn(await(0));
            return true; // a wake-up is left to a select that would wait
        }
        // Who was woken has to learn of it.
        if (isLookCheap() && !wakeup.isNotified() && lookFirst.shouldPoll()) {
            int found = await(0);
            lookFirst.polled(found > 0);
            if (found > 0) {
                takeIn(found);
                return false;
            }
        }
        return sleep(nanos);
    }

    private boolean sleep(long nanos) throws IOException {
        boolean woken = false;
        boolean done = false;
        try {
            int found;
            interrupts.enter();
            try {
                boolean asleep = wakeup.beginBlocking();
                getReady(asleep);
                found = await(asleep ? nanos : 0);
            } finally {
                interrupts.leave();
                woken = wakeup.endBlocking();
            }
            lookFirst.blocked(found > 0);
            takeIn(found);
            done = true;
            return woken || found == 0;
        } finally {
            if (woken && !done) {
                wakeup.wake(); // it stands for the next select that would wait
            }
        }
    }

    private void getReady(boolean asleep) {
        synchronized (lock) {
            ensureOpen();
            prepare();
            waited = table.version();
            waiting = asleep;
            kicked = false;
        }
    }

    /// Takes in what a wait has found.
    private void takeIn(int found) throws IOException {
        synchronized (lock) {
            waiting = false;
            ensureOpen();
            if (found > 0) {
                delivery.begin();
                collect(found, delivery);
            }
        }
        tellOthers();
    }

    /// Registers a key, in place of a dead registration if there is one.
    ///
    /// @return false if the object was closed meanwhile
    private boolean enter(SelectorKey<A> key, @Nullable Registration<A> dead) throws IOException {
        CloseListeners membership = CloseListeners.of(key.fileobj());
        if (membership != null && !membership.add(club)) {
            return false;
        }
        Registration<A> registration = new Registration<>(key, table.nextVersion(), membership);
        boolean added = false;
        try {
            if (dead != null) {
                Fcntl.requireOpen(key.fd()); // else the dead registration has to stay
                remove(dead);
            }
            add(registration);
            added = true;
        } finally {
            if (!added && membership != null) {
                membership.remove(club);
            }
        }
        if (dead != null) {
            forget(dead);
        }
        table.put(registration);
        changed();
        if (registration.isClosedUnnoticed()) {
            drop(registration);
            return false;
        }
        return true;
    }

    @SuppressWarnings("unchecked") // what left this selector was a key of this selector
    private SelectorKey<A> departed(Pollable fileobj) {
        SelectorKey<?> key = CloseListeners.takeRememberedKey(fileobj, club);
        if (key == null) {
            throw new NotRegisteredException(fileobj);
        }
        return (SelectorKey<A>) key;
    }

    /// This selector, as an object that is registered sees it, and who interrupts the selecting thread.
    private final class Outside implements CloseListeners.CloseListener, Runnable {

        /// The selecting thread was interrupted.
        @Override
        public void run() {
            wakeup.wake(waker);
        }

        /// The object is closing.
        @Override
        public void onClosing(Pollable fileobj, int fd) {
            synchronized (lock) {
                Registration<A> registration = table.forObject(fileobj, fd);
                if (registration != null) {
                    depart(registration);
                }
            }
        }

        @Override
        public void onReplaced(Pollable fileobj, int fd) throws IOException {
            synchronized (lock) {
                Registration<A> registration = table.forObject(fileobj, fd);
                if (registration != null) {
                    AbstractSelector.this.renew(registration);
                    changed();
                }
            }
        }
    }

    /// Drops the registration of an object that is closed. Its key stays with it, for who unregisters it afterwards.
    private void depart(Registration<A> registration) {
        drop(registration);
        CloseListeners membership = registration.listeners();
        if (membership != null) {
            membership.rememberKey(club, registration.key());
        }
    }

    private void drop(Registration<A> registration) {
        forget(registration);
        remove(registration);
        changed();
    }

    private void forget(Registration<A> registration) {
        table.nextVersion();
        table.remove(registration);
        CloseListeners membership = registration.listeners();
        if (membership != null) {
            membership.remove(club);
        }
    }

    /// Lets a waiting thread see that the set has changed, or is going to be.
    final void changed() {
        if (waiting && !kicked && !isLive()) {
            kicked = waker.signal() >= 0; // or else the next change tries again
        }
    }

    private void ensureOpen() {
        if (closed) {
            throw new ClosedSelectorException();
        }
    }

    @Override
    public String toString() {
        synchronized (lock) {
            return getClass().getSimpleName() + (closed ? "[closed]" : "[" + table.size() + " keys]");
        }
    }
}
