package io.selectors4j;

import io.selectors4j.Registration.State;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.jfr.Jfr;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.selector.PollerWait;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.EpollEntries;
import io.selectors4j.internal.sys.EpollInstance;
import io.selectors4j.internal.sys.EpollWait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A selector on epoll: Python's `EpollSelector`, and the best one of Linux. The cost of a wait is proportional to the
/// number of ready keys, not to the number of registered ones.
///
/// It tells all conditions apart except a closed descriptor, which the kernel forgets; see [Readiness]. [Selector] says
/// what happens if that descriptor was duplicated. It takes every descriptor that can be polled. For regular files,
/// directories and devices such as `/dev/null`, which are always ready, the kernel answers EPERM.
///
/// ## Nested selectors
/// The selector has a descriptor, so another selector can wait for it. That descriptor is readable while something is
/// ready here; and once, if a key with [Interest#NONE] hangs up or has an error. When the selector replaces its epoll
/// instance (see [Selector]), the selectors and [Await]s that wait for this object are notified; a program that uses
/// the bare number of [#fileno] is not.
///
/// Some files report a condition to one poll only: `/proc/self/mountinfo` a change of the mount table,
/// `/proc/pressure/*` a trigger. The wait of an outer selector polls the files of an inner one, and so consumes such a
/// condition. Register these files with the outermost selector.
///
/// ## Virtual threads
/// On a virtual thread, [#select] parks the thread, and a thread of the library watches the epoll instance together
/// with those of all other virtual threads. If a registered descriptor was opened by a path and is no terminal, its
/// condition could be lost that way; then a helper thread of the library, one for each such select, makes the system
/// call.
///
/// Source: epoll(7), epoll_ctl(2), epoll_wait(2).
///
/// @param <A> type of the data attached to the keys
public sealed class EpollSelector<A extends @Nullable Object> extends KernelSelector<A> permits IoUringSelector {

    private static final int INITIAL_CAPACITY = 64;

    /// The number of consecutive waits with stale events after which the epoll instance is replaced.
    private static final int STALE_WAITS = 8;

    /// The data of the waker: no token, because a descriptor is not negative.
    private static final long WAKER_TOKEN = -1;

    private static final long NO_TOKEN = -2;

    /// Refusals of a bare number that is closed, or has another owner by now.
    private static final Set<Integer> UNWATCHABLE = Set.of(Errno.EBADF, Errno.EPERM, Errno.EINVAL, Errno.ELOOP);

    private final EpollInstance epoll;
    private final EpollWait wait;

    /// The events of the last wait; belongs to the selecting thread.
    private EpollEventArray events;

    /// Whether the kernel may watch an open file that it cannot be told to forget.
    private boolean staleEntries;

    /// The token of a stale event of the last wait.
    private long lastStaleToken = NO_TOKEN;

    /// The number of consecutive waits with stale events.
    private int staleWaits;

    /// Whether the watching selectors have still to be notified that the epoll instance was replaced.
    private boolean replaced;

    /// The registrations that need a direct poll; null until a virtual thread selects. Written with the lock held.
    private volatile @Nullable DirectPolls<A> directPolls;

    EpollSelector() throws IOException {
        wait = new EpollWait();
        events = new EpollEventArray(INITIAL_CAPACITY);
        super(Waker.create());
        try {
            epoll = createWatchingWaker();
        } catch (Throwable t) {
            waker.close();
            throw t;
        }
    }

    /// Opens a selector. It has two descriptors of its own: an epoll instance and an eventfd.
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
    final int kernelFileno() {
        return epoll.fileno();
    }

    private EpollInstance createWatchingWaker() throws IOException {
        EpollInstance created = EpollInstance.create();
        try {
            // Edge-triggered: each signal is one event, and the counter is never read.
            int result = created.add(waker.fileno(), PollMask.IN | EpollInstance.EPOLLET, WAKER_TOKEN);
            if (result < 0) {
                throw new NativeIOException("epoll_ctl(ADD, fd=" + waker.fileno() + ")", -result);
            }
            return created;
        } catch (Throwable t) {
            created.close();
            throw t;
        }
    }

    @Override
    void addToKernel(Registration<A> registration) throws IOException {
        watch(registration, registration.events(), registration.token());
    }

    @Override
    void modifyInKernel(Registration<A> registration, Interest events, long version) throws IOException {
        Interest old = registration.events();
        long token = registration.token(version);
        if (events.isEmpty()) {
            pause(registration, old, token);
        } else if (registration.state() == State.ABSENT) {
            watch(registration, events, token);
        } else if (events.isExclusive() || old.isExclusive()) {
            replace(registration, old, events, token);
        } else {
            modify(registration, events, token);
        }
    }

    private void modify(Registration<A> registration, Interest events, long token) throws IOException {
        int result = epoll.modify(registration.fd(), flags(events), token);
        if (result == -Errno.ENOENT && registration.state() == State.PAUSED) {
            staleEntries = true; // the number got another open file while nothing waited for it
            registration.setState(State.ABSENT);
            watch(registration, events, token);
            return;
        }
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(MOD, fd=" + registration.fd() + ")", -result);
        }
        registration.setState(State.WATCHED);
    }

    /// Modifies a registration to no events. A removal and an addition would cost several times as much. The kernel
    /// reports hang-ups and errors without being asked, but as a one-shot only once.
    private void pause(Registration<A> registration, Interest old, long token) {
        boolean modifiable = registration.state() != State.ABSENT && !old.isExclusive();
        if (modifiable && epoll.modify(registration.fd(), EpollInstance.EPOLLONESHOT, token) >= 0) {
            registration.setState(State.PAUSED);
        } else {
            delete(registration);
        }
    }

    /// Removes and adds: the kernel modifies neither to EPOLLEXCLUSIVE nor from it.
    private void replace(Registration<A> registration, Interest old, Interest events, long token) throws IOException {
        boolean armed = registration.state() == State.WATCHED;
        int result = epoll.delete(registration.fd());
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(DEL, fd=" + registration.fd() + ")", -result);
        }
        registration.setState(State.ABSENT);
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
    void removeFromKernel(Registration<A> registration) {
        delete(registration);
        DirectPolls<A> direct = directPolls;
        if (direct != null) {
            direct.remove(registration);
        }
    }

    /// Removes a descriptor. EBADF and ENOENT mean that it was closed, and that its number may have another owner. If a
    /// duplicate keeps its open file alive, the kernel goes on watching that file, and only [#rebuild] ends it.
    private void delete(Registration<A> registration) {
        if (registration.state() != State.ABSENT && epoll.delete(registration.fd()) < 0) {
            staleEntries = true;
        }
        registration.setState(State.ABSENT);
    }

    @Override
    void disarm(Registration<A> registration) {
        registration.setState(State.FIRED);
    }

    @Override
    void reregister(Registration<A> registration) throws IOException {
        boolean armed = registration.state() == State.WATCHED;
        registration.setState(State.ABSENT);
        if (armed) {
            try {
                watch(registration, registration.events(), registration.token());
            } finally {
                registration.setState(State.WATCHED); // after a failure the replaced selector notifies again
            }
        }
    }

    private void watch(Registration<A> registration, Interest events, long token) throws IOException {
        int fd = registration.fd();
        DirectPolls<A> direct = directPolls;
        if (direct != null && direct.add(registration)) {
            moveToHelper(); // before the epoll instance gets the descriptor
        }
        int flags = flags(events);
        int result = add(fd, flags, token);
        if (result == -Errno.EEXIST) {
            // The open file of a descriptor that was closed while registered is back under the same number. It may be
            // exclusive, and then it cannot be modified.
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
        registration.setState(State.WATCHED);
    }

    /// Adds a descriptor. The kernel limits how deep and on how many paths epoll instances watch each other, and the
    /// poller for virtual threads, which watches this instance, counts. So after a refusal the poller lets go of it.
    private int add(int fd, int flags, long token) {
        int result = epoll.add(fd, flags, token);
        if ((result == -Errno.EINVAL || result == -Errno.ELOOP) && PollerWait.evict(epoll.fileno())) {
            result = epoll.add(fd, flags, token);
        }
        return result;
    }

    private static int flags(Interest events) {
        int flags = events.pollMask()
                | (events.isEdgeTriggered() ? EpollInstance.EPOLLET : 0)
                | (events.isOneShot() ? EpollInstance.EPOLLONESHOT : 0);
        // The kernel takes EPOLLEXCLUSIVE with IN and OUT only.
        return events.isExclusive() ? (flags & ~PollMask.RDHUP) | EpollInstance.EPOLLEXCLUSIVE : flags;
    }

    @Override
    void prepareToPark() {
        if (directPolls == null) {
            synchronized (registry.lock) {
                directPolls = new DirectPolls<>(table.all());
            }
        }
    }

    @Override
    boolean isParkable() {
        DirectPolls<A> direct = directPolls;
        return direct != null && direct.isEmpty();
    }

    @Override
    boolean isPollCheap() {
        return true;
    }

    @Override
    int await(long nanos) throws IOException {
        return nanos != 0 && Thread.currentThread().isVirtual() ? awaitParked(nanos) : awaitOnThisThread(nanos);
    }

    @Override
    int awaitOnThisThread(long nanos) throws IOException {
        return check(wait.awaitOnThisThread(epoll.fileno(), events, events.capacity(), nanos, null));
    }

    @Override
    int awaitOnHelper(long nanos) throws IOException {
        return check(wait.await(epoll.fileno(), events, events.capacity(), nanos, null));
    }

    private int check(int found) throws IOException {
        if (found < 0) {
            throw new NativeIOException("epoll_wait(epfd=" + epoll.fileno() + ")", -found);
        }
        return found;
    }

    /// Adds the events of a wait. If the wait filled the array, more descriptors may be ready: the array grows, and
    /// polls collect the others. The kernel moves a level-triggered entry that it has reported to the end of its ready
    /// list, so the next poll returns the others first; an entry that comes again is merged.
    @Override
    void drainEvents(int found, ReadyQueue<A> into) throws IOException {
        long staleToken = NO_TOKEN;
        boolean again = false;
        int count = found;
        while (true) {
            for (int i = 0; i < count; i++) {
                long token = events.data(i);
                if (!drainEvent(token, events.events(i), into)) {
                    again |= token == lastStaleToken;
                    staleToken = token;
                }
            }
            if (count < events.capacity()) {
                break;
            }
            events = new EpollEventArray(2 * events.capacity());
            into.beginMerge();
            count = awaitOnThisThread(0);
        }
        staleWaits = staleToken == NO_TOKEN ? 0 : staleWaits + 1;
        lastStaleToken = staleToken;
        // A registration that just ended has one last event. A stale entry comes back in the next wait, unless there
        // are so many that the kernel reports others each time.
        if (again || (staleEntries && staleWaits >= STALE_WAITS)) {
            rebuild();
            lastStaleToken = NO_TOKEN;
            staleWaits = 0;
        }
    }

    /// Adds an event. Returns false if it is stale: its registration has ended.
    private boolean drainEvent(long token, int mask, ReadyQueue<A> into) {
        SelectorKey<A> key = table.liveKey(token);
        Registration<A> registration = key == null ? table.forToken(token) : null;
        if (key != null) {
            addReady(key, mask, into);
        } else if (registration != null) {
            addReady(registration, mask, into);
        }
        return key != null || registration != null || token == WAKER_TOKEN;
    }

    /// Replaces the epoll instance by a new one, under the same number, that watches the registered descriptors and
    /// nothing else.
    private void rebuild() throws IOException {
        EpollInstance fresh = createWatchingWaker();
        try {
            List<Registration<A>> all = table.all();
            all.removeIf(registration -> registration.state() == State.BATCHED);
            List<Registration<A>> watched = new ArrayList<>(all.size());
            for (Registration<A> registration : all) {
                SelectorKey<A> key = registration.key();
                // A descriptor that was closed while registered cannot be watched again: its number may have another
                // owner, even the new instance. A one-shot registration that has fired waits until it is armed again.
                boolean own = key.fd() != fresh.fileno() && Descriptors.fdOrMinusOne(key.fileobj()) == key.fd();
                if (own && registration.state() == State.WATCHED) {
                    int result = fresh.add(key.fd(), flags(key.events()), registration.token());
                    if (result >= 0) {
                        watched.add(registration);
                    } else if (!UNWATCHABLE.contains(-result)) {
                        throw new NativeIOException("epoll_ctl(ADD, fd=" + key.fd() + ")", -result);
                    }
                }
            }
            epoll.replaceWith(fresh);
            counters.rebuilds++;
            Jfr.rebuild(id(), watched.size());
            staleEntries = false;
            replaced = true;
            all.forEach(registration -> registration.setState(State.ABSENT));
            watched.forEach(registration -> registration.setState(State.WATCHED));
        } finally {
            fresh.close();
        }
    }

    @Override
    Map<Long, String> kernelEntries() {
        Map<Long, String> entries = EpollEntries.of(epoll.fileno());
        entries.remove(WAKER_TOKEN);
        return entries;
    }

    @Override
    void notifyWatchers() throws IOException {
        if (replaced) {
            fireReplaced();
            replaced = false;
        }
    }

    @Override
    void release() {
        epoll.close();
    }
}
