package io.selectors4j;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.Batch;
import io.selectors4j.internal.selector.Registration;
import io.selectors4j.internal.selector.SelectFallback;
import io.selectors4j.internal.selector.UserWaker;
import io.selectors4j.internal.selector.Waker;
import io.selectors4j.internal.sys.KqueueInstance;
import io.selectors4j.internal.sys.KqueueWait;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A selector on kqueue: Python's `KqueueSelector`, and the best one of macOS and the BSDs. On Linux it is there where the
/// library libkqueue is installed, which makes kqueue of epoll. A wait costs time in proportion to what is ready, not to what
/// is registered.
///
/// A key that waits for several things has several filters of the kernel's (EVFILT_READ, EVFILT_WRITE, EVFILT_EXCEPT); what
/// one wait finds of them is reported together. [Readiness] says which conditions are told apart. [Interest#PRIORITY] is
/// refused where the kernel has no EVFILT_EXCEPT: on FreeBSD, NetBSD and with libkqueue. Edge-triggered is EV_CLEAR, one-shot is
/// EV_ONESHOT. One wait delivers up to 1024 events of filters, and the next one others, so that none starves.
///
/// It takes regular files: always ready to write, and ready to read on FreeBSD always, elsewhere while there is something
/// between the position and the end. What the kernel refuses (`/dev/tty` on macOS, and other devices) is waited for with
/// `select()`, by a thread of the library's own, level-triggered or one-shot.
///
/// A descriptor that is closed while registered is forgotten by the kernel, whatever duplicates it has.
///
/// The selector has a descriptor itself, so that another selector can wait for it: it is readable while something is ready
/// here, except for what is waited for with `select()`. On a virtual thread, [#select] parks the thread instead of waiting in
/// the kernel, as with [EpollSelector].
///
/// Written from the systems' headers and manuals and tested, on Linux, with kernels written in Java and with libkqueue; it has
/// not run on macOS or a BSD yet. Source: kqueue(2) of macOS, FreeBSD, OpenBSD, NetBSD and DragonFly.
///
/// @param <A> type of the data attached to the keys
public final class KqueueSelector<A extends @Nullable Object> extends KernelSelector<A> {

    private static final int FIRST_EVENTS = 64;
    private static final int MAX_EVENTS = 1024;

    /// The waker's user data: no token, since a descriptor is not negative.
    private static final long WAKER = -1;

    /// What kernels answer for a descriptor that has no filters: EINVAL on macOS and OpenBSD, ENODEV, EPERM and EOPNOTSUPP for
    /// some devices of the others.
    private static final Set<Integer> REFUSALS = Set.of(
            Errno.EINVAL, Errno.number("ENODEV"), Errno.EPERM, Errno.number("EOPNOTSUPP"), Errno.number("ENXIO"));

    /// The slot of a registration whose descriptor the kernel refuses. Other slots are the filters that the kernel has; -1 for
    /// none.
    private static final int FALLBACK = 1 << 8;

    private final KqueueInstance kqueue;
    private final KqueueWait wait = new KqueueWait();
    private final SelectFallback fallback;

    /// Grows with the number of keys.
    private KeventArray events;

    /// How many of the events that the last wait found are the kernel's.
    private int kevents;

    private KqueueSelector(KqueueInstance kqueue, Waker waker) {
        this.kqueue = kqueue;
        fallback = new SelectFallback(waker::signal);
        events = new KeventArray(kqueue.libc().system(), FIRST_EVENTS);
        super(waker);
    }

    /// Opens a selector, which has one descriptor of its own (a kqueue), and two more (a pipe) on a system without EVFILT_USER:
    /// NetBSD before 10, OpenBSD before 7.8.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if kqueue is not available; the message says why
    public static <A extends @Nullable Object> KqueueSelector<A> open() throws IOException {
        Backend.KQUEUE.ensureAvailable();
        return open(KqueueLibc.current());
    }

    /// Opens a selector on the kqueue of some library.
    static <A extends @Nullable Object> KqueueSelector<A> open(KqueueLibc libc) throws IOException {
        KqueueInstance kqueue = KqueueInstance.create(libc);
        Waker waker = null;
        boolean ready = false;
        try {
            if (UserWaker.prepare(kqueue, WAKER)) {
                waker = new UserWaker(kqueue);
            } else {
                waker = Waker.create();
                int result = kqueue.change(waker.fileno(), 0, KqueueInstance.READ, 0, WAKER);
                if (result < 0) {
                    throw refusal("EV_ADD", waker.fileno(), result);
                }
            }
            KqueueSelector<A> selector = new KqueueSelector<>(kqueue, waker);
            ready = true;
            return selector;
        } finally {
            if (!ready) {
                kqueue.close();
                if (waker != null) {
                    waker.close();
                }
            }
        }
    }

    @Override
    public Backend backend() {
        return Backend.KQUEUE;
    }

    @Override
    void requireSupport(Interest interest) {
        Backend.KQUEUE.requireSupport(interest, kqueue.libc().system());
    }

    @Override
    int kernelFileno() {
        return kqueue.fileno();
    }

    @Override
    boolean isLive() {
        return fallback.isEmpty(); // select waits for a copy of what is asked for
    }

    @Override
    void add(Registration<A> registration) throws IOException {
        watch(registration, registration.key().events(), registration.token());
    }

    @Override
    void change(Registration<A> registration, Interest interest, long changed) throws IOException {
        if (interest.isEmpty()) {
            remove(registration);
        } else if (registration.slot() < 0 || registration.slot() == FALLBACK) {
            watch(registration, interest, registration.token(changed));
        } else {
            replace(registration, interest, registration.token(changed));
        }
    }

    /// Takes filters out and puts others in. The old ones have to be there: if not, the descriptor was closed, and the number is
    /// another one's now. One-shot ones may have gone off this moment.
    private void replace(Registration<A> registration, Interest interest, long token) throws IOException {
        int fd = registration.fd();
        int former = registration.slot();
        Interest old = registration.key().events();
        int filters = filters(interest);
        int result = kqueue.change(fd, former, filters, flags(interest), token);
        if (result == -Errno.ENOENT && old.isOneShot()) {
            result = 0;
        }
        if (result == -Errno.ENOENT) {
            kqueue.change(fd, filters, 0, 0, 0);
        } else if (result < 0) {
            int restored = kqueue.change(fd, 0, former, flags(old), registration.token());
            registration.setSlot(restored < 0 ? -1 : former);
        }
        if (result < 0) {
            throw refusal("EV_ADD", fd, result);
        }
        registration.setSlot(filters);
    }

    @Override
    void remove(Registration<A> registration) {
        int slot = registration.slot();
        if (slot == FALLBACK) {
            fallback.remove(registration.fd());
        } else if (slot > 0) {
            // EBADF, ENOENT: the descriptor was closed, and with that the kernel has forgotten it.
            kqueue.change(registration.fd(), slot, 0, 0, 0);
        }
        registration.setSlot(-1);
    }

    @Override
    void disarm(Registration<A> registration) {
        remove(registration); // the filter that was reported is gone, others may be left
    }

    @Override
    void renew(Registration<A> registration) throws IOException {
        int slot = registration.slot();
        if (slot >= 0) {
            remove(registration);
            try {
                watch(registration, registration.key().events(), registration.token());
            } finally {
                registration.setSlot(slot); // as it is meant to be: whoever has to tell it will try again
            }
        }
    }

    private void watch(Registration<A> registration, Interest interest, long token) throws IOException {
        int fd = registration.fd();
        int filters = filters(interest);
        int result = kqueue.change(fd, 0, filters, flags(interest), token);
        if (REFUSALS.contains(-result) && !interest.isEdgeTriggered()) {
            result = fallback.set(fd, PollMask.of(interest));
            filters = FALLBACK;
        }
        if (result < 0 && interest.isEdgeTriggered()) {
            throw new NativeIOException(
                    call("EV_ADD", fd), -result, "level-triggered it would be waited for with select");
        }
        if (result < 0) {
            throw refusal("EV_ADD", fd, result);
        }
        registration.setSlot(filters);
    }

    private static NativeIOException refusal(String action, int fd, int result) {
        return new NativeIOException(call(action, fd), -result);
    }

    private static String call(String action, int fd) {
        return "kevent(" + action + ", fd=" + fd + ")";
    }

    private static int filters(Interest interest) {
        return KqueueInstance.filters(PollMask.of(interest));
    }

    private int flags(Interest interest) {
        return (interest.isEdgeTriggered() ? kqueue.evClear() : 0) | (interest.isOneShot() ? kqueue.evOneshot() : 0);
    }

    @Override
    void prepare() {
        // The kernel's set is always up to date. A key has two filters at most, or three; and there is the waker.
        int needed = Math.min(2 * table.size() + 1, MAX_EVENTS);
        if (events.capacity() < needed) {
            events = new KeventArray(kqueue.libc().system(), Math.min(2 * needed, MAX_EVENTS));
        }
        fallback.prepare();
    }

    @Override
    int await(long nanos) throws IOException {
        if (fallback.isEmpty()) {
            kevents = super.await(nanos);
            return kevents;
        }
        int selected = fallback.look();
        if (selected > 0 || nanos == 0) {
            kevents = super.await(0);
            return kevents + selected;
        }
        fallback.arm();
        try {
            kevents = super.await(nanos);
        } finally {
            fallback.disarm();
        }
        return kevents + fallback.look();
    }

    @Override
    int awaitHere(long nanos) throws IOException {
        int found = kqueue.await(wait, null, 0, events, events.capacity(), nanos);
        if (found < 0) {
            throw new NativeIOException("kevent(kq=" + kqueue.fileno() + ")", -found);
        }
        return found;
    }

    @Override
    void collect(int found, Batch<A> into) throws IOException {
        for (int i = 0; i < kevents; i++) {
            long token = events.udata(i);
            Registration<A> registration = table.byToken(token);
            if (registration != null && registration.slot() > 0) {
                if (registration.key().events().isOneShot()) {
                    registration.setSlot(registration.slot() & ~kqueue.filter(events, i));
                }
                registration.setPending(registration.pending() | kqueue.conditions(events, i));
            } else if (token == WAKER) {
                waker.drain();
            }
        }
        for (int i = 0; i < kevents; i++) {
            Registration<A> registration = table.byToken(events.udata(i));
            if (registration != null && registration.pending() != 0) {
                int mask = registration.pending();
                registration.setPending(0);
                found(registration, mask, into);
            }
        }
        if (found > kevents) {
            collectSelected(into);
        }
    }

    private void collectSelected(Batch<A> into) {
        for (int fd : fallback.descriptors()) {
            Registration<A> registration = waitedFor(fd);
            int mask = fallback.conditions(fd);
            if (mask != 0 && registration != null && registration.slot() == FALLBACK) {
                found(registration, mask, into);
            }
        }
    }

    @Override
    void release() {
        kqueue.close();
        fallback.close();
    }
}
