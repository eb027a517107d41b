package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.selector.PollerWait;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.EpollSet;
import io.selectors4j.internal.sys.EpollWait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A selector on epoll: Python's `EpollSelector`, and the best one of Linux. A wait costs time in proportion to what is
/// ready, not to what is registered.
///
/// It tells all conditions apart but a closed descriptor, which the kernel forgets; see [Readiness] and, for what happens
/// if that descriptor was duplicated, [Selector]. It takes whatever can be polled; for regular files, directories
/// and devices such as `/dev/null`, which are always ready, the kernel answers EPERM. One wait delivers up to 1024 events, and the next one others, so
/// that none starves.
///
/// It has a descriptor itself, so that another selector can wait for it, as for anything else: it is readable while
/// something is ready here; and once, if what waits for [Interest#NONE] hangs up or has an error. A rebuild of its epoll set
/// (see [Selector]) is noticed by the selectors and [Await]s that wait for this object; not by who uses the bare number of
/// [#fileno].
///
/// On a virtual thread, [#select] parks the thread instead of waiting in the kernel: a thread of the library's own watches the
/// epoll instance meanwhile, together with those of all others.
///
/// Source: epoll(7), epoll_ctl(2), epoll_wait(2).
///
/// @param <A> type of the data attached to the keys
public final class EpollSelector<A extends @Nullable Object> extends KernelSelector<A> {

    private static final int FIRST_EVENTS = 64;
    private static final int MAX_EVENTS = 1024;

    /// So many waits in a row that find ghosts are not chance.
    private static final int MANY = 8;

    /// The waker's data: no token, since a descriptor is not negative.
    private static final long WAKER = -1;

    /// No token either.
    private static final long NOBODY = -2;

    /// Answers for a bare number that is closed, or that another one has now.
    private static final Set<Integer> UNWATCHABLE = Set.of(Errno.EBADF, Errno.EPERM, Errno.EINVAL, Errno.ELOOP);

    /// The slot of a registration that the kernel watches; -1 if it does not.
    private static final int WATCHED = 0;

    /// The slot of a one-shot registration that the kernel has reported and does not watch any more, but still has.
    private static final int FIRED = 1;

    /// The slot of a registration that waits for nothing, which the kernel still has as well.
    private static final int PAUSED = 2;

    private final EpollSet epoll;
    private final EpollWait wait;

    /// What a wait has found; the selecting thread's own.
    private EpollEventArray events;

    /// For how many events there has to be room; grows with the number of keys.
    private volatile int room = FIRST_EVENTS;

    /// Whether the kernel may watch something that it can no longer be told to forget.
    private boolean haunted;

    /// The token of an event that belonged to nobody, in the last wait that found one.
    private long ghost = NOBODY;

    /// How many waits in a row have found events that belonged to nobody.
    private int ghosts;

    /// Whether those who watch this selector still have to be told that its set is another one.
    private boolean renewed;

    private EpollSelector() throws IOException {
        wait = new EpollWait();
        events = new EpollEventArray(FIRST_EVENTS);
        super(Waker.create());
        boolean ready = false;
        EpollSet created = null;
        try {
            created = EpollSet.create();
            watchWaker(created);
            ready = true;
        } finally {
            if (!ready) {
                if (created != null) {
                    created.close();
                }
                waker.close();
            }
        }
        epoll = created;
    }

    /// Opens a selector, which has two descriptors of its own (an epoll instance and an eventfd).
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if epoll is not available; the message says why
    public static <A extends @Nullable Object> EpollSelector<A> open() throws IOException {
        Backend.EPOLL.ensureAvailable();
        return new EpollSelector<>();
    }

    @Override
    public Backend backend() {
        return Backend.EPOLL;
    }

    @Override
    int kernelFileno() {
        return epoll.fileno();
    }

    @Override
    void add(Registration<A> registration) throws IOException {
        int needed = table.size() + 2; // the key itself, and the waker
        if (needed > room && room < MAX_EVENTS) {
            room *= 2;
        }
        watch(registration, registration.events(), registration.token());
    }

    @Override
    void change(Registration<A> registration, Interest events, long changed) throws IOException {
        Interest old = registration.events();
        long token = registration.token(changed);
        if (events.isEmpty()) {
            pause(registration, old, token);
        } else if (registration.slot() < 0) {
            watch(registration, events, token);
        } else if (events.isExclusive() || old.isExclusive()) {
            replace(registration, old, events, token);
        } else {
            modify(registration, events, token);
        }
    }

    private void modify(Registration<A> registration, Interest events, long token) throws IOException {
        int result = epoll.modify(registration.fd(), flags(events), token);
        if (result == -Errno.ENOENT && registration.slot() == PAUSED) {
            haunted = true; // while nobody waited for it, the number was given to another open file
            registration.setSlot(-1);
            watch(registration, events, token);
            return;
        }
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(MOD, fd=" + registration.fd() + ")", -result);
        }
        registration.setSlot(WATCHED);
    }

    /// To take a registration out and put it in again costs several times what two modifications do. The kernel goes on to report
    /// hang-ups and errors, which cannot be turned off, but only once.
    private void pause(Registration<A> registration, Interest old, long token) {
        boolean modifiable = registration.slot() >= 0 && !old.isExclusive();
        if (modifiable && epoll.modify(registration.fd(), EpollSet.EPOLLONESHOT, token) >= 0) {
            registration.setSlot(PAUSED);
        } else {
            remove(registration);
        }
    }

    /// The kernel modifies neither to EPOLLEXCLUSIVE nor from it: takes out and adds.
    private void replace(Registration<A> registration, Interest old, Interest events, long token) throws IOException {
        boolean armed = registration.slot() == WATCHED;
        int result = epoll.delete(registration.fd());
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(DEL, fd=" + registration.fd() + ")", -result);
        }
        registration.setSlot(-1);
        try {
            watch(registration, events, token);
        } catch (NativeIOException e) {
            if (armed) {
                try {
                    watch(registration, old, registration.token());
                } catch (NativeIOException again) {
                    e.addSuppressed(again);
                }
            }
            throw e;
        }
    }

    @Override
    void remove(Registration<A> registration) {
        // EBADF, ENOENT: the descriptor was closed, and its number perhaps taken by another one. If a duplicate keeps
        // its open file alive, the kernel goes on watching that, and nothing can stop it: see banish().
        if (registration.slot() >= 0 && epoll.delete(registration.fd()) < 0) {
            haunted = true;
        }
        registration.setSlot(-1);
    }

    @Override
    void disarm(Registration<A> registration) {
        registration.setSlot(FIRED);
    }

    @Override
    void renew(Registration<A> registration) throws IOException {
        boolean armed = registration.slot() == WATCHED;
        registration.setSlot(-1);
        if (armed) {
            try {
                watch(registration, registration.events(), registration.token());
            } finally {
                registration.setSlot(WATCHED); // as it is meant to be: whoever has to tell it will try again
            }
        }
    }

    private void watch(Registration<A> registration, Interest events, long token) throws IOException {
        int fd = registration.fd();
        int flags = flags(events);
        int result = add(fd, flags, token);
        if (result == -Errno.EEXIST) {
            // The open file of a descriptor that was closed while registered is back under the same number. It may be
            // exclusive, which cannot be modified.
            epoll.delete(fd);
            result = add(fd, flags, token);
        }
        if (result == -Errno.EPERM) {
            throw new NativeIOException(
                    "epoll_ctl(ADD, fd=" + fd + ")",
                    Errno.EPERM,
                    "a regular file or the like, which is always ready: POLL and SELECT take it");
        }
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(ADD, fd=" + fd + ")", -result);
        }
        registration.setSlot(WATCHED);
    }

    private int add(int fd, int flags, long token) {
        int result = epoll.add(fd, flags, token);
        if ((result == -Errno.EINVAL || result == -Errno.ELOOP) && PollerWait.evict(epoll.fileno())) {
            // The kernel limits how deep and on how many ways sets watch each other, and the one that watches this one
            // for virtual threads counts.
            result = epoll.add(fd, flags, token);
        }
        return result;
    }

    private static int flags(Interest events) {
        int flags = PollMask.of(events)
                | (events.isEdgeTriggered() ? EpollSet.EPOLLET : 0)
                | (events.isOneShot() ? EpollSet.EPOLLONESHOT : 0);
        // The kernel takes EPOLLEXCLUSIVE with IN and OUT only.
        return events.isExclusive() ? (flags & ~PollMask.RDHUP) | EpollSet.EPOLLEXCLUSIVE : flags;
    }

    private void watchWaker(EpollSet epoll) throws IOException {
        // Edge-triggered: each signal is one event, and the counter is never read.
        int result = epoll.add(waker.fileno(), PollMask.IN | EpollSet.EPOLLET, WAKER);
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(ADD, fd=" + waker.fileno() + ")", -result);
        }
    }

    @Override
    void prepare() {
        // The kernel's set is always up to date.
    }

    @Override
    boolean isLookCheap() {
        return true;
    }

    @Override
    int awaitOnThisThread(long nanos) throws IOException {
        if (events.capacity() < room) {
            events = new EpollEventArray(room);
        }
        int found = wait.await(epoll.fileno(), events, events.capacity(), nanos, null);
        if (found < 0) {
            throw new NativeIOException("epoll_wait(epfd=" + epoll.fileno() + ")", -found);
        }
        return found;
    }

    @Override
    void collect(int found, ReadyQueue<A> into) throws IOException {
        long stranger = NOBODY;
        boolean again = false;
        for (int i = 0; i < found; i++) {
            long token = events.data(i);
            SelectorKey<A> key = table.liveKey(token);
            if (key != null) {
                found(key, events.events(i), into);
                continue;
            }
            Registration<A> registration = table.forToken(token);
            if (registration != null) {
                found(registration, events.events(i), into);
            } else if (token != WAKER) {
                again |= token == ghost;
                stranger = token;
            }
        }
        ghosts = stranger == NOBODY ? 0 : ghosts + 1;
        // What was unregistered just now has one last event. A ghost comes back, if there are not so many of them that
        // the kernel shows others each time.
        if (haunted && (again || ghosts >= MANY)) {
            banish();
            stranger = NOBODY;
            ghosts = 0;
        }
        ghost = stranger;
    }

    /// Replaces the epoll set by a new one, under the same number, that watches what is registered and nothing else.
    private void banish() throws IOException {
        EpollSet fresh = EpollSet.create();
        try {
            watchWaker(fresh);
            List<Registration<A>> watched = new ArrayList<>();
            for (Registration<A> registration : table.all()) {
                SelectorKey<A> key = registration.key();
                // What was closed while registered cannot be watched again: its number may be another one's, even
                // that of the new set. What was one-shot and has been reported waits for its next arming.
                boolean own = key.fd() != fresh.fileno() && Descriptors.fdOrMinusOne(key.fileobj()) == key.fd();
                if (own && registration.slot() == WATCHED) {
                    int result = fresh.add(key.fd(), flags(key.events()), registration.token());
                    if (result >= 0) {
                        watched.add(registration);
                    } else if (!UNWATCHABLE.contains(-result)) {
                        throw new NativeIOException("epoll_ctl(ADD, fd=" + key.fd() + ")", -result);
                    }
                }
            }
            epoll.replaceWith(fresh);
            haunted = false;
            for (Registration<A> registration : table.all()) {
                registration.setSlot(-1);
            }
            for (Registration<A> registration : watched) {
                registration.setSlot(WATCHED);
            }
            renewed = true;
        } finally {
            fresh.close();
        }
    }

    @Override
    void tellOthers() throws IOException {
        if (renewed) {
            renewOthers();
            renewed = false;
        }
    }

    @Override
    void release() {
        epoll.close();
    }
}
