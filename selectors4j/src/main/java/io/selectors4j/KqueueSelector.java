package io.selectors4j;

import io.selectors4j.Registration.State;
import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.KqueueInstance;
import io.selectors4j.internal.sys.KqueueWait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A selector on kqueue: Python's `KqueueSelector`, and the best one of macOS and the BSDs. On Linux it is available
/// where the library libkqueue, which implements kqueue on epoll, is installed. The cost of a wait is proportional to
/// the number of ready keys, not to the number of registered ones.
///
/// A key that waits for several events has several filters in the kernel (EVFILT_READ, EVFILT_WRITE, EVFILT_EXCEPT).
/// The selector reports the events of one wait together. [Readiness] tells which conditions are told apart.
/// Edge-triggered is EV_CLEAR, one-shot is EV_DISPATCH.
///
/// The selector takes regular files. They are always ready to write. On FreeBSD they are always ready to read,
/// elsewhere while the position is before the end. The kernel forgets a descriptor that is closed while registered,
/// whatever duplicates it has.
///
/// ## Descriptors that kqueue refuses
/// The kernel refuses `/dev/tty` on macOS, some other devices, and a pipe without readers. For these the selector uses
/// `select()`, on a helper thread of the library, which takes memory for each wait: level-triggered or one-shot. It
/// does the same for keys with [Interest#PRIORITY], except on OpenBSD and DragonFly BSD: FreeBSD, NetBSD and libkqueue
/// have no EVFILT_EXCEPT, and on macOS it reports other data too.
///
/// ## Nested selectors and virtual threads
/// The selector has a descriptor, so another selector can wait for it. It is readable while something is ready here,
/// except for descriptors that `select()` watches. On a virtual thread, [#select] parks the thread instead of waiting
/// in the kernel, as with [EpollSelector].
///
/// ## libkqueue
/// - The descriptor of a libkqueue kqueue is never readable, so no other selector can wait for this one. A select on a
///   virtual thread uses a helper thread.
/// - libkqueue may crash when a descriptor closes that it still watches. So the selector registers a duplicate of each
///   descriptor, which takes one more descriptor. If a bare number is closed while registered, its open file stays open
///   until it is ready or unregistered. If the number has another owner by then, the key reports that one's readiness.
/// - A socket's error is reported once and consumed (SO_ERROR): a refused connect then fails with ENOTCONN.
/// - A key may be [Readiness#isReadClosed] if another thread has just read its data.
/// - A regular file that was at its end is not reported until it is modified.
///
/// Written from the systems' headers and manuals. Tested on Linux, with simulated kernels and with libkqueue; not yet
/// run on macOS or a BSD.
///
/// Source: kqueue(2) of macOS, FreeBSD, OpenBSD, NetBSD and DragonFly BSD.
///
/// @param <A> type of the data attached to the keys
public final class KqueueSelector<A extends @Nullable Object> extends KernelSelector<A> {

    private static final int INITIAL_CAPACITY = 64;

    /// The largest number of events that one wait of libkqueue returns (its MAX_KEVENT).
    private static final int LIBKQUEUE_CAPACITY = 512;

    /// The user data of the waker: no token, because a descriptor is not negative.
    private static final long WAKER_TOKEN = -1;

    /// The errors for a descriptor without a filter: EINVAL on macOS and OpenBSD; ENODEV, EPERM, ENXIO, EOPNOTSUPP or
    /// ENOTSUP for some devices; EPIPE (on NetBSD EBADF) for a pipe without readers; EFAULT in all cases with
    /// libkqueue.
    private static final Set<Integer> REFUSALS = Errno.known(
            Platform.CURRENT, "EINVAL", "ENODEV", "EPERM", "ENXIO", "EOPNOTSUPP", "ENOTSUP", "EPIPE", "EFAULT");

    private final KqueueInstance kqueue;

    /// Whether changes have to wait until no thread waits, and no other selector can wait for this one.
    private final boolean isLibkqueue;

    private final KqueueWait wait = new KqueueWait();
    private final SelectFallback fallback;

    /// The registrations with [Registration#pendingEvents], in the order of their events.
    private final List<Registration<A>> pending = new ArrayList<>();

    private KeventArray events;

    /// The number of events of the last wait that are the kqueue's.
    private int kevents;

    private KqueueSelector(KqueueInstance kqueue, Waker waker) {
        this.kqueue = kqueue;
        isLibkqueue = kqueue.libc().system().isLibkqueue();
        fallback = new SelectFallback(waker::signal);
        events = new KeventArray(kqueue.libc().system(), INITIAL_CAPACITY);
        super(waker);
    }

    /// Opens a selector. It has one descriptor of its own, a kqueue; and the two of a pipe on a system without
    /// EVFILT_USER: NetBSD before 10, OpenBSD before 7.8.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if kqueue is not available; the message says why
    public static <A extends @Nullable Object> KqueueSelector<A> open() throws IOException {
        Backend.KQUEUE.ensureAvailable();
        return open(KqueueLibc.current());
    }

    /// Opens a selector on the kqueue of a given library.
    static <A extends @Nullable Object> KqueueSelector<A> open(KqueueLibc libc) throws IOException {
        KqueueInstance kqueue = KqueueInstance.create(libc);
        Waker waker = null;
        try {
            waker = createWaker(kqueue);
            return new KqueueSelector<>(kqueue, waker);
        } catch (Throwable t) {
            if (waker != null) {
                waker.close();
            }
            kqueue.close();
            throw t;
        }
    }

    private static Waker createWaker(KqueueInstance kqueue) throws IOException {
        boolean isLibkqueue = kqueue.libc().system().isLibkqueue();
        if (!isLibkqueue && UserWaker.prepare(kqueue, WAKER_TOKEN)) {
            return new UserWaker(kqueue);
        }
        Waker waker = isLibkqueue ? new PipeWaker() : Waker.create(); // libkqueue 2.3 refuses an eventfd
        int fd = waker.fileno();
        int result = kqueue.change(fd, 0, KqueueInstance.READ, 0, WAKER_TOKEN);
        if (result < 0) {
            waker.close();
            throw new NativeIOException(describe(fd), -result);
        }
        return waker;
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
        // select waits for a copy of the sets, and keeps their open files during the wait
        return fallback.isEmpty() && !fallback.isPrepared() && !isLibkqueue;
    }

    @Override
    void addToKernel(Registration<A> registration) throws IOException {
        watch(registration, 0, registration.events(), registration.token());
    }

    @Override
    void modifyInKernel(Registration<A> registration, Interest interest, long version) throws IOException {
        if (interest.isEmpty()) {
            removeFromKernel(registration);
            return;
        }
        Interest old = registration.events();
        State state = registration.state();
        int filters = filters(registration);
        try {
            watch(registration, filters, interest, registration.token(version));
        } catch (NativeIOException e) {
            // EBADF, ENOENT: the descriptor was closed, and the kernel has forgotten it.
            if (filters != 0 && e.errno() != Errno.EBADF && e.errno() != Errno.ENOENT) {
                change(registration.fd(), kqueue.all(), 0, 0, 0); // if the whole call failed, the old filters are there
                registration.setState(State.ABSENT);
                try {
                    if (state == State.WATCHED) {
                        watch(registration, 0, old, registration.token());
                    }
                } catch (IOException again) {
                    e.addSuppressed(again);
                }
            }
            throw e;
        }
    }

    /// Removes filters and adds others, in one call. The old ones have to be there: if not, the descriptor was closed,
    /// and the number has another owner.
    private void watch(Registration<A> registration, int oldFilters, Interest interest, long token) throws IOException {
        int fd = registration.fd();
        if (fd == kqueue.fileno()) {
            throw new NativeIOException(describe(fd), Errno.EINVAL, "a kqueue does not wait for itself");
        }
        int filters = filters(interest);
        int result;
        if (kqueue.has(filters)) {
            result = change(fd, oldFilters, filters, flags(interest), token);
        } else {
            int removed = change(fd, oldFilters, 0, 0, 0);
            result = removed < 0 ? removed : -Errno.EOPNOTSUPP;
        }
        State state = State.WATCHED;
        boolean refused = REFUSALS.contains(-result) || (result == -Errno.EBADF && Fcntl.isOpen(fd));
        if (result == -Errno.ENOENT) {
            change(fd, filters & kqueue.all(), 0, 0, 0);
        } else if (refused && interest.isEdgeTriggered()) {
            throw new NativeIOException(
                    describe(fd), -result, "select, which waits for it instead, cannot be edge-triggered");
        } else if (refused) {
            state = State.FALLBACK;
            result = fallback.set(fd, interest.pollMask());
        }
        if (result < 0) {
            throw new NativeIOException(describe(fd), -result);
        }
        if (registration.state() == State.FALLBACK && state != State.FALLBACK) {
            fallback.remove(fd);
        }
        registration.setState(state);
    }

    @Override
    void removeFromKernel(Registration<A> registration) {
        if (registration.state() == State.FALLBACK) {
            fallback.remove(registration.fd());
        } else if (registration.state() != State.ABSENT) {
            // EBADF, ENOENT: the descriptor was closed, and the kernel has forgotten it.
            change(registration.fd(), filters(registration), 0, 0, 0);
        }
        registration.setState(State.ABSENT);
    }

    @Override
    void disarm(Registration<A> registration) {
        if (registration.state() == State.WATCHED && Integer.bitCount(filters(registration)) == 1) {
            registration.setState(State.FIRED); // the kernel has disabled the filter
        } else {
            removeFromKernel(registration); // the other filters are still enabled
        }
    }

    @Override
    void reregister(Registration<A> registration) throws IOException {
        State state = registration.state();
        removeFromKernel(registration); // the kernel has forgotten the old file, but libkqueue has a duplicate of it
        if (state == State.WATCHED || state == State.FALLBACK) {
            registration.setState(state); // after a failure the replaced selector notifies again
            watch(registration, 0, registration.events(), registration.token());
        }
    }

    private int change(int fd, int oldFilters, int newFilters, int flags, long token) {
        if (isLibkqueue) {
            registry.signalIfWaiting(); // before the change, because libkqueue holds a lock during a wait
        }
        return kqueue.change(fd, oldFilters, newFilters, flags, token);
    }

    private static String describe(int fd) {
        return "kevent(EV_ADD, fd=" + fd + ")";
    }

    /// Returns the filters that the kernel has for a registration.
    private static int filters(Registration<?> registration) {
        State state = registration.state();
        return state == State.WATCHED || state == State.FIRED ? filters(registration.events()) : 0;
    }

    private static int filters(Interest interest) {
        return KqueueInstance.filters(interest.pollMask());
    }

    private int flags(Interest interest) {
        // A one-shot event needs no edge; and NetBSD does not disable a filter that has both flags.
        return interest.isOneShot() ? kqueue.evDispatch() : interest.isEdgeTriggered() ? kqueue.evClear() : 0;
    }

    @Override
    void prepareWait() {
        fallback.prepare(); // the kqueue is always up to date
    }

    @Override
    int await(long nanos) throws IOException {
        if (!fallback.isPrepared()) {
            kevents = awaitKqueue(nanos);
            return kevents;
        }
        int selected = fallback.poll();
        if (selected > 0 || nanos == 0) {
            kevents = awaitKqueue(0);
            return kevents + selected;
        }
        fallback.startBackgroundWait();
        try {
            kevents = awaitKqueue(nanos);
        } finally {
            fallback.stopBackgroundWait();
        }
        return kevents + fallback.poll();
    }

    private int awaitKqueue(long nanos) throws IOException {
        return nanos != 0 && Thread.currentThread().isVirtual() ? awaitParked(nanos) : awaitOnThisThread(nanos);
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
    int awaitOnHelper(long nanos) throws IOException {
        return awaitOnThisThread(nanos); // a KqueueWait moves the wait of a virtual thread to a helper thread by itself
    }

    /// Adds the events of a wait. If the wait returned as many events as possible, more may be ready, and polls collect
    /// the others, for as long as they find some. The array grows if it was the limit. The kernel moves a
    /// level-triggered event to the end of its queue, so a poll returns the others first.
    @Override
    void drainEvents(int found, ReadyQueue<A> into) throws IOException {
        boolean selected = found > kevents;
        try {
            int count = kevents;
            boolean news = true;
            while (news) {
                news = false;
                for (int i = 0; i < count; i++) {
                    news |= drainKevent(i);
                }
                int limit = isLibkqueue ? Math.min(events.capacity(), LIBKQUEUE_CAPACITY) : events.capacity();
                if (count < limit) {
                    break;
                }
                if (limit == events.capacity()) {
                    events = new KeventArray(kqueue.libc().system(), 2 * events.capacity());
                }
                count = awaitOnThisThread(0);
            }
        } finally {
            for (Registration<A> registration : pending) {
                int mask = hangup(registration, registration.pendingEvents());
                registration.setPendingEvents(0);
                addReady(registration, mask, into);
            }
            pending.clear();
        }
        if (selected) {
            drainSelected(into);
        }
    }

    /// Adds an event to the pending events of its registration. Returns whether that changes them.
    private boolean drainKevent(int index) throws IOException {
        long token = events.udata(index);
        Registration<A> registration = table.forToken(token);
        if (registration != null && isLibkqueue && !Fcntl.isOpen(registration.fd())) {
            removeFromKernel(registration); // libkqueue watches a duplicate
        } else if (registration != null && registration.state() == State.WATCHED) {
            int before = registration.pendingEvents();
            registration.setPendingEvents(before | kqueue.pollEvents(events, index));
            if (before == 0 && registration.pendingEvents() != 0) {
                pending.add(registration);
            }
            return registration.pendingEvents() != before;
        } else if (token == WAKER_TOKEN) {
            waker.drain();
        }
        return false;
    }

    /// Removes a hang-up that this side has caused by shutting down its writing half: then EVFILT_WRITE reports an end,
    /// and EVFILT_READ does not.
    private static int hangup(Registration<?> registration, int mask) {
        boolean reads = registration.events().contains(Interest.READ);
        return reads && (mask & PollMask.RDHUP) == 0 ? mask & ~PollMask.HUP : mask;
    }

    private void drainSelected(ReadyQueue<A> into) {
        for (int fd : fallback.descriptors()) {
            Registration<A> registration = forWaitedFd(fd);
            int mask = fallback.events(fd);
            if (mask != 0 && registration != null && registration.state() == State.FALLBACK) {
                addReady(registration, mask, into);
            }
        }
    }

    @Override
    void release() {
        kqueue.close();
        fallback.close();
    }
}
