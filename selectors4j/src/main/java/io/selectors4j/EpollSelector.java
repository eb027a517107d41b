package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.selector.Batch;
import io.selectors4j.internal.selector.Registration;
import io.selectors4j.internal.sys.EpollInstance;
import io.selectors4j.internal.sys.EpollWait;
import io.selectors4j.internal.sys.Filenos;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
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
/// Source: epoll(7), epoll_ctl(2), epoll_wait(2).
///
/// @param <A> type of the data attached to the keys
public final class EpollSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    private static final int FIRST_EVENTS = 64;
    private static final int MAX_EVENTS = 1024;

    /// The waker's data: no token, since a descriptor is not negative.
    private static final long WAKER = -1;

    /// No token either.
    private static final long NOBODY = -2;

    /// Answers for a bare number that is closed, or that another one has now.
    private static final Set<Integer> UNWATCHABLE = Set.of(Errno.EBADF, Errno.EPERM, Errno.EINVAL, Errno.ELOOP);

    private final EpollInstance epoll;
    private final EpollWait wait;

    /// Grows with the number of keys.
    private EpollEventArray events;

    /// Whether the kernel may watch something that it can no longer be told to forget.
    private boolean haunted;

    /// The token of an event that belonged to nobody, in the last wait that found one.
    private long ghost = NOBODY;

    private EpollSelector() throws IOException {
        wait = new EpollWait();
        events = new EpollEventArray(FIRST_EVENTS);
        super();
        boolean ready = false;
        EpollInstance created = null;
        try {
            created = EpollInstance.create();
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

    /// The descriptor of the epoll instance, which becomes readable when something is ready.
    ///
    /// @return the descriptor's number
    /// @throws ClosedSelectorException if the selector is closed
    public int fileno() {
        int fd = epoll.fileno();
        if (fd < 0 || !isOpen()) {
            throw new ClosedSelectorException();
        }
        return fd;
    }

    @Override
    public Backend backend() {
        return Backend.EPOLL;
    }

    @Override
    boolean isLive() {
        return true;
    }

    @Override
    void add(Registration<A> registration) throws IOException {
        watch(epoll, registration, registration.key().events());
    }

    @Override
    void change(Registration<A> registration, Interest events) throws IOException {
        if (events.isEmpty()) {
            remove(registration);
        } else if (registration.key().events().isEmpty()) {
            watch(epoll, registration, events);
        } else {
            int result = epoll.modify(registration.fd(), PollMask.of(events), registration.token());
            if (result < 0) {
                throw new NativeIOException("epoll_ctl(MOD, fd=" + registration.fd() + ")", -result);
            }
        }
    }

    @Override
    void remove(Registration<A> registration) {
        // EBADF, ENOENT: the descriptor was closed, and its number perhaps taken by another one. If a duplicate keeps
        // its open file alive, the kernel goes on watching that, and nothing can stop it: see banish().
        if (!registration.key().events().isEmpty() && epoll.delete(registration.fd()) < 0) {
            haunted = true;
        }
    }

    private static <A extends @Nullable Object> void watch(
            EpollInstance epoll, Registration<A> registration, Interest events) throws IOException {
        int fd = registration.fd();
        int mask = PollMask.of(events);
        int result = epoll.add(fd, mask, registration.token());
        if (result == -Errno.EEXIST) {
            // The open file of a descriptor that was closed while registered is back under the same number.
            result = epoll.modify(fd, mask, registration.token());
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
    }

    private void watchWaker(EpollInstance epoll) throws IOException {
        // Edge-triggered: each signal is one event, and the counter is never read.
        int result = epoll.add(waker.fileno(), PollMask.IN | EpollInstance.EPOLLET, WAKER);
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(ADD, fd=" + waker.fileno() + ")", -result);
        }
    }

    @Override
    void prepare() {
        // The kernel's set is always up to date. One event more than there are keys: the waker's.
        int needed = Math.min(table.size() + 1, MAX_EVENTS);
        if (events.capacity() < needed) {
            events = new EpollEventArray(Math.min(2 * needed, MAX_EVENTS));
        }
    }

    @Override
    int await(long nanos) throws IOException {
        int found = epoll.await(wait, events, events.capacity(), nanos, null);
        if (found < 0) {
            throw new NativeIOException("epoll_wait(epfd=" + epoll.fileno() + ")", -found);
        }
        return found;
    }

    @Override
    void collect(int found, Batch<A> into) throws IOException {
        long stranger = NOBODY;
        boolean again = false;
        for (int i = 0; i < found; i++) {
            long token = events.data(i);
            Registration<A> registration = table.byToken(token);
            // An event of one that waits for nothing is a ghost as well: it could not be taken out of the set.
            if (registration != null && !registration.key().events().isEmpty()) {
                into.add(registration, events.events(i));
            } else if (token != WAKER) {
                again |= token == ghost;
                stranger = token;
            }
        }
        // What was unregistered just now has one last event. A ghost comes back.
        if (again && haunted) {
            banish();
            stranger = NOBODY;
        }
        ghost = stranger;
    }

    /// Replaces the epoll set by a new one, under the same number, that watches what is registered and nothing else.
    private void banish() throws IOException {
        EpollInstance fresh = EpollInstance.create();
        try {
            watchWaker(fresh);
            for (Registration<A> registration : table.all()) {
                SelectorKey<A> key = registration.key();
                // What was closed while registered cannot be watched again: its number may be another one's, even
                // that of the new set.
                boolean own = key.fd() != fresh.fileno() && Filenos.probe(key.fileobj()) == key.fd();
                if (own && !key.events().isEmpty()) {
                    int result = fresh.add(key.fd(), PollMask.of(key.events()), registration.token());
                    if (result < 0 && !UNWATCHABLE.contains(-result)) {
                        throw new NativeIOException("epoll_ctl(ADD, fd=" + key.fd() + ")", -result);
                    }
                }
            }
            epoll.replaceWith(fresh);
            haunted = false;
        } finally {
            fresh.close();
        }
    }

    @Override
    void release() {
        epoll.close();
    }
}
