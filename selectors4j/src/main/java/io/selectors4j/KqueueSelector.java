package io.selectors4j;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.sys.Fcntl;
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
/// one wait finds of them is reported together. [Readiness] says which conditions are told apart. Edge-triggered is EV_CLEAR,
/// one-shot is EV_DISPATCH. One wait delivers up to 1024 events of filters, and the next one others, so that none starves.
///
/// It takes regular files: always ready to write, and ready to read on FreeBSD always, elsewhere while there is something
/// between the position and the end. What the kernel refuses (`/dev/tty` on macOS and some other devices, a pipe that nobody
/// reads any more) is waited for with `select()`, by a thread of the library's own, which takes memory for each wait:
/// level-triggered or one-shot. So are keys with
/// [Interest#PRIORITY], except on OpenBSD and DragonFly: FreeBSD, NetBSD and libkqueue have no EVFILT_EXCEPT, and that of macOS
/// reports other data too.
///
/// A descriptor that is closed while registered is forgotten by the kernel, whatever duplicates it has.
///
/// The selector has a descriptor itself, so that another selector can wait for it: it is readable while something is ready
/// here, except for what is waited for with `select()`. On a virtual thread, [#select] parks the thread instead of waiting in
/// the kernel, as with [EpollSelector].
///
/// libkqueue has limits. The descriptor of its kqueue is never readable, so that nothing can wait for this selector, and
/// a select on a virtual thread waits on a thread of the library's own. It may crash when a descriptor closes that it was not
/// told to forget; so what is registered is duplicated, which takes one more descriptor each, and the open file of a bare
/// number that is closed while registered stays open until something of it is ready or it is unregistered; if the number has
/// another owner by then, that is reported as the key's. A wait delivers up to 512 events. A socket's error is reported once, and
/// taken (SO_ERROR): a connect that was refused then fails with ENOTCONN. A key may be reported as [Readiness#isReadClosed] if
/// another thread has just read its data. A regular file that was at its end is not reported until it is modified.
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

    /// What kernels answer for a descriptor that has no filter: EINVAL on macOS and OpenBSD, ENODEV, EPERM, ENXIO, EOPNOTSUPP
    /// or ENOTSUP for some devices, EPIPE (on NetBSD EBADF) for a pipe that nobody reads any more, EFAULT in all cases with
    /// libkqueue.
    private static final Set<Integer> REFUSALS = Errno.known(
            Platform.CURRENT.os(), "EINVAL", "ENODEV", "EPERM", "ENXIO", "EOPNOTSUPP", "ENOTSUP", "EPIPE", "EFAULT");

    /// The slot of a registration whose descriptor the kernel refuses. Other slots are the filters that the kernel has; -1 for
    /// none.
    private static final int FALLBACK = 1 << 8;

    /// Added to the slot of a one-shot registration whose filter was reported: the kernel still has it, disabled.
    private static final int FIRED = 1 << 9;

    private final KqueueInstance kqueue;

    /// Whether changes have to wait until nobody waits, and nobody can wait for this selector.
    private final boolean isLibkqueue;

    private final KqueueWait wait = new KqueueWait();
    private final SelectFallback fallback;

    /// Grows with the number of keys.
    private KeventArray events;

    /// How many of the events that the last wait found are the kernel's.
    private int kevents;

    private KqueueSelector(KqueueInstance kqueue, Waker waker) {
        this.kqueue = kqueue;
        isLibkqueue = kqueue.libc().system().isLibkqueue();
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
            if (!libc.system().isLibkqueue() && UserWaker.prepare(kqueue, WAKER)) {
                waker = new UserWaker(kqueue);
            } else {
                waker = Waker.create();
                int result = kqueue.change(waker.fileno(), 0, KqueueInstance.READ, 0, WAKER);
                if (result < 0) {
                    throw new NativeIOException(call(waker.fileno()), -result);
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
        // select waits for a copy of what is asked for, and keeps the open files meanwhile
        return fallback.isEmpty() && !fallback.isPrepared() && !isLibkqueue;
    }

    @Override
    void add(Registration<A> registration) throws IOException {
        watch(registration, 0, registration.events(), registration.token());
    }

    @Override
    void change(Registration<A> registration, Interest interest, long changed) throws IOException {
        if (interest.isEmpty()) {
            remove(registration);
            return;
        }
        Interest old = registration.events();
        int slot = registration.slot();
        int filters = filters(slot);
        try {
            watch(registration, filters, interest, registration.token(changed));
        } catch (NativeIOException e) {
            // EBADF, ENOENT: the descriptor was closed, and the kernel has forgotten it.
            if (filters != 0 && e.errno() != Errno.EBADF && e.errno() != Errno.ENOENT) {
                change(
                        registration.fd(),
                        kqueue.all(),
                        0,
                        0,
                        0); // if the whole call has failed, the former filters are in
                registration.setSlot(-1);
                restore(registration, slot, old, e);
            }
            throw e;
        }
    }

    /// Waits for what was waited for before a modification that failed. What was reported already waits for its next arming.
    private void restore(Registration<A> registration, int slot, Interest old, NativeIOException failure) {
        if ((slot & FIRED) == 0) {
            try {
                watch(registration, 0, old, registration.token());
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /// Takes filters out and puts others in. The former have to be there: if not, the descriptor was closed, and the number is
    /// another one's now.
    private void watch(Registration<A> registration, int former, Interest interest, long token) throws IOException {
        int fd = registration.fd();
        if (fd == kqueue.fileno()) {
            throw new NativeIOException(call(fd), Errno.EINVAL, "a kqueue does not wait for itself");
        }
        int filters = filters(interest);
        int result;
        if (kqueue.has(filters)) {
            result = change(fd, former, filters, flags(interest), token);
        } else {
            int removed = change(fd, former, 0, 0, 0);
            result = removed < 0 ? removed : -Errno.EOPNOTSUPP;
        }
        boolean refused = REFUSALS.contains(-result) || (result == -Errno.EBADF && Fcntl.isOpen(fd));
        if (result == -Errno.ENOENT) {
            change(fd, filters & kqueue.all(), 0, 0, 0);
        } else if (refused && interest.isEdgeTriggered()) {
            throw new NativeIOException(
                    call(fd), -result, "waited for with select instead, it could not be edge-triggered");
        } else if (refused) {
            filters = FALLBACK;
            result = fallback.set(fd, PollMask.of(interest));
        }
        if (result < 0) {
            throw new NativeIOException(call(fd), -result);
        }
        if (registration.slot() == FALLBACK && filters != FALLBACK) {
            fallback.remove(fd);
        }
        registration.setSlot(filters);
    }

    @Override
    void remove(Registration<A> registration) {
        int slot = registration.slot();
        if (slot == FALLBACK) {
            fallback.remove(registration.fd());
        } else if (slot >= 0) {
            // EBADF, ENOENT: the descriptor was closed, and with that the kernel has forgotten it.
            change(registration.fd(), filters(slot), 0, 0, 0);
        }
        registration.setSlot(-1);
    }

    @Override
    void disarm(Registration<A> registration) {
        int slot = registration.slot();
        if (slot != FALLBACK && Integer.bitCount(slot) == 1) {
            registration.setSlot(slot | FIRED); // the kernel has disabled it
        } else {
            remove(registration); // there are others besides the one that was reported
        }
    }

    @Override
    void renew(Registration<A> registration) throws IOException {
        int slot = registration.slot();
        if ((slot & FIRED) != 0) { // -1 as well
            remove(registration); // the kernel has forgotten the former file, but libkqueue knows a duplicate
        } else {
            remove(registration);
            registration.setSlot(slot); // if that fails, whoever has to tell it will try again
            watch(registration, 0, registration.events(), registration.token());
        }
    }

    private int change(int fd, int out, int in, int flags, long token) {
        if (isLibkqueue) {
            changed(); // who waits lets nobody else in
        }
        return kqueue.change(fd, out, in, flags, token);
    }

    private static String call(int fd) {
        return "kevent(EV_ADD, fd=" + fd + ")";
    }

    /// The filters in a slot.
    private static int filters(int slot) {
        return slot < 0 ? 0 : slot & ~(FALLBACK | FIRED);
    }

    private static int filters(Interest interest) {
        return KqueueInstance.filters(PollMask.of(interest));
    }

    private int flags(Interest interest) {
        // What is reported once needs no edge; and NetBSD, given both flags, does not disable.
        return interest.isOneShot() ? kqueue.evDispatch() : interest.isEdgeTriggered() ? kqueue.evClear() : 0;
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
        if (!fallback.isPrepared()) {
            kevents = super.await(nanos);
            return kevents;
        }
        int selected = fallback.poll();
        if (selected > 0 || nanos == 0) {
            kevents = super.await(0);
            return kevents + selected;
        }
        fallback.startBackgroundWait();
        try {
            kevents = super.await(nanos);
        } finally {
            fallback.stopBackgroundWait();
        }
        return kevents + fallback.poll();
    }

    @Override
    boolean isParkable() {
        return !isLibkqueue;
    }

    @Override
    int awaitOnThisThread(long nanos) throws IOException {
        int found = kqueue.await(wait, null, 0, events, events.capacity(), nanos);
        if (found < 0) {
            throw new NativeIOException("kevent(kq=" + kqueue.fileno() + ")", -found);
        }
        return found;
    }

    @Override
    void collect(int found, ReadyQueue<A> into) throws IOException {
        for (int i = 0; i < kevents; i++) {
            long token = events.udata(i);
            Registration<A> registration = table.forToken(token);
            if (registration != null && isLibkqueue && !Fcntl.isOpen(registration.fd())) {
                remove(registration); // what it watches is a duplicate
            } else if (registration != null && (registration.slot() & FIRED) == 0) { // nor -1
                registration.setPending(registration.pending() | kqueue.conditions(events, i));
            } else if (token == WAKER) {
                waker.drain();
            }
        }
        for (int i = 0; i < kevents; i++) {
            Registration<A> registration = table.forToken(events.udata(i));
            if (registration != null && registration.pending() != 0) {
                int mask = hangup(registration, registration.pending());
                registration.setPending(0);
                found(registration, mask, into);
            }
        }
        if (found > kevents) {
            collectSelected(into);
        }
    }

    /// The end of EVFILT_WRITE is no hang-up if it is this side that has shut down its writing half: then that of EVFILT_READ is
    /// not there.
    private static int hangup(Registration<?> registration, int mask) {
        boolean reads = registration.events().contains(Interest.READ);
        return reads && (mask & PollMask.RDHUP) == 0 ? mask & ~PollMask.HUP : mask;
    }

    private void collectSelected(ReadyQueue<A> into) {
        for (int fd : fallback.descriptors()) {
            Registration<A> registration = waitedFor(fd);
            int mask = fallback.events(fd);
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
