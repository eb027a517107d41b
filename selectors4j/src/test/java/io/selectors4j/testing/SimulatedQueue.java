package io.selectors4j.testing;

import static io.selectors4j.testing.LinuxCalls.EPOLLET;
import static io.selectors4j.testing.LinuxCalls.EPOLLIN;
import static io.selectors4j.testing.LinuxCalls.EPOLLONESHOT;
import static io.selectors4j.testing.LinuxCalls.EPOLLOUT;
import static io.selectors4j.testing.LinuxCalls.EPOLLPRI;
import static io.selectors4j.testing.LinuxCalls.EPOLLRDHUP;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.PosixIssue8;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.testing.SimulatedKqueueAbi.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One kqueue. Its descriptor is an epoll instance, so that it can be closed, duplicated, polled and nested as the
/// descriptor of a kernel can. The epoll instance has an entry for each EVFILT_READ, and one for each hidden instance
/// of the other filters.
///
/// A level-triggered knote is an EPOLLONESHOT entry that is rearmed when its event has been collected. Linux keeps the
/// entry of a closed number while a duplicate is open, and no call can remove it; with EPOLLONESHOT it is reported once
/// only.
final class SimulatedQueue {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /// The interval at which a regular file at its end is checked again.
    private static final long FILE_POLL_INTERVAL = 5 * NANOS_PER_MILLI;

    private static final long FOREVER = Long.MAX_VALUE;

    /// User data of the hidden descriptors.
    private static final long HIDDEN = -1;

    private final SimulatedKqueueAbi abi;
    private final Set<Integer> refused;
    private final HiddenDescriptors hidden;
    private final SimulatedUnpollableKnotes unpollableKnotes;

    private final Map<SimulatedKnote.Id, SimulatedKnote> knotes = new LinkedHashMap<>();
    private final Map<Long, SimulatedKnote> byToken = new HashMap<>();
    private final Map<Integer, SimulatedFile> files = new HashMap<>();

    /// Reported knotes that stay enabled.
    private final List<SimulatedKnote> toRearm = new ArrayList<>();

    private long nextToken;
    private int firstSource;

    /// The number that the last call used.
    private int kq;

    private SimulatedQueue(SimulatedKqueueAbi abi, Set<Integer> refused, HiddenDescriptors hidden, int kq) {
        this.abi = abi;
        this.refused = refused;
        this.hidden = hidden;
        this.kq = kq;
        unpollableKnotes = new SimulatedUnpollableKnotes(abi, hidden);
    }

    /// Creates a kqueue on a new epoll instance.
    static SimulatedQueue create(SimulatedKqueueAbi abi, Set<Integer> refused, int epfd) {
        HiddenDescriptors hidden = HiddenDescriptors.take();
        for (int fd : List.of(hidden.write(), hidden.except(), hidden.event(), hidden.timer())) {
            if (LinuxCalls.add(epfd, fd, EPOLLIN, HIDDEN) < 0) {
                throw new AssertionError("no kqueue");
            }
        }
        return new SimulatedQueue(abi, refused, hidden, epfd);
    }

    /// Returns whether a number refers to this kqueue.
    boolean hasFd(int fd) {
        return LinuxCalls.isIn(fd, hidden.event());
    }

    /// Releases the hidden descriptors. The own descriptor is closed by then.
    synchronized void close() {
        hidden.close();
    }

    /// Applies a change.
    ///
    /// @return an errno, or 0
    synchronized int register(int calledFd, SimulatedKevent change) {
        kq = calledFd;
        Filter filter = abi.filter(change);
        if (filter == null) {
            return LinuxCalls.EINVAL;
        }
        int error = filter.isOfDescriptors() ? registerDescriptor(filter, change) : registerOther(filter, change);
        unpollableKnotes.refresh();
        return error;
    }

    private int registerDescriptor(Filter filter, SimulatedKevent change) {
        int fd = (int) change.ident();
        if (change.ident() != fd) {
            return LinuxCalls.EBADF;
        }
        if (!LinuxCalls.isOpen(fd)) {
            knotesOf(fd).forEach(this::drop); // a duplicate may be assigned the number again
            return LinuxCalls.EBADF;
        }
        dropIfClosed(fd);
        SimulatedKnote.Id id = new SimulatedKnote.Id(fd, filter);
        SimulatedKnote knote = knotes.get(id);
        if (knote == null) {
            return change.has(SimulatedKevent.EV_ADD) ? attach(id, change) : LinuxCalls.ENOENT;
        }
        if (change.has(SimulatedKevent.EV_DELETE)) {
            drop(knote);
            return 0;
        }
        update(knote, change);
        return arm(knote);
    }

    private int attach(SimulatedKnote.Id id, SimulatedKevent change) {
        int fd = (int) id.ident();
        if (refused.contains(fd)) {
            return LinuxCalls.EINVAL;
        }
        SimulatedFile known = files.get(fd);
        SimulatedFile file = known != null ? known : new SimulatedFile(fd);
        int addResult = LinuxCalls.add(hidden.identity(), fd, 0, 0);
        boolean unpollable = addResult == -LinuxCalls.EPERM;
        if (addResult < 0 && addResult != -LinuxCalls.EEXIST && !unpollable) {
            return -addResult;
        }
        int error = file.refusal(abi, id.filter());
        if (error == 0) {
            SimulatedKnote knote = new SimulatedKnote(id, change, nextToken++, file, unpollable);
            insert(knote, change);
            error = arm(knote);
            if (error != 0) {
                drop(knote);
            } else if (knote.has(SimulatedKevent.EV_ONESHOT) && knote.isPollable() && !abi.apple()) {
                knote.queued = file.evaluate(abi, id.filter(), file.mask(), knote.notes);
            }
        }
        if (error == 0) {
            files.put(fd, file);
        } else if (known == null) {
            LinuxCalls.remove(hidden.identity(), fd);
        }
        return error;
    }

    private int registerOther(Filter filter, SimulatedKevent change) {
        SimulatedKnote.Id id = new SimulatedKnote.Id(change.ident(), filter);
        SimulatedKnote knote = knotes.get(id);
        if (knote == null) {
            if (!change.has(SimulatedKevent.EV_ADD)) {
                return LinuxCalls.ENOENT;
            }
            SimulatedKnote added = new SimulatedKnote(id, change, nextToken++, null, false);
            int error = unpollableKnotes.attach(added, change);
            if (error == 0) {
                insert(added, change);
            }
            return error;
        }
        if (change.has(SimulatedKevent.EV_DELETE)) {
            drop(knote);
            return 0;
        }
        int error = unpollableKnotes.update(knote, change);
        if (error == 0) {
            enable(knote, change);
            knote.udata = change.udata();
        }
        return error;
    }

    private void insert(SimulatedKnote knote, SimulatedKevent change) {
        knote.disabled = change.has(SimulatedKevent.EV_DISABLE);
        knote.udata = change.udata();
        if (knote.file != null) {
            knote.notes = change.fflags();
            knote.data = change.data();
        }
        knotes.put(knote.id, knote);
        byToken.put(knote.token, knote);
        if (!knote.isPollable()) {
            unpollableKnotes.add(knote);
        }
    }

    /// Applies a change to an existing knote. The flags that it was added with stay.
    private static void update(SimulatedKnote knote, SimulatedKevent change) {
        enable(knote, change);
        knote.notes = change.fflags();
        knote.data = change.data();
        knote.udata = change.udata();
    }

    private static void enable(SimulatedKnote knote, SimulatedKevent change) {
        if (change.has(SimulatedKevent.EV_ENABLE)) {
            knote.disabled = false;
        } else if (change.has(SimulatedKevent.EV_DISABLE)) {
            knote.disabled = true;
        }
    }

    /// Adds, modifies or removes the epoll entry of a knote.
    ///
    /// @return an errno, or 0
    private int arm(SimulatedKnote knote) {
        knote.edge = false;
        if (!knote.isPollable()) {
            return 0;
        }
        if (knote.disabled) {
            LinuxCalls.remove(set(knote), knote.fd());
            return 0;
        }
        return -watch(knote, knote.has(SimulatedKevent.EV_CLEAR) ? EPOLLET : EPOLLONESHOT);
    }

    private int watch(SimulatedKnote knote, int mode) {
        int events = mode
                | switch (knote.id.filter()) {
                    case READ -> EPOLLIN | EPOLLRDHUP;
                    case WRITE -> EPOLLOUT;
                    case EXCEPT -> abi.apple() ? EPOLLPRI | EPOLLIN | EPOLLRDHUP : EPOLLPRI;
                    case TIMER, USER -> throw new AssertionError(knote.id);
                };
        int result = LinuxCalls.add(set(knote), knote.fd(), events, knote.token);
        return result == -LinuxCalls.EEXIST ? LinuxCalls.modify(set(knote), knote.fd(), events, knote.token) : result;
    }

    private int set(SimulatedKnote knote) {
        return switch (knote.id.filter()) {
            case READ -> kq;
            case WRITE -> hidden.write();
            case EXCEPT -> hidden.except();
            case TIMER, USER -> throw new AssertionError(knote.id);
        };
    }

    private void drop(SimulatedKnote knote) {
        knotes.remove(knote.id);
        byToken.remove(knote.token);
        unpollableKnotes.remove(knote);
        if (knote.isPollable()) {
            LinuxCalls.remove(set(knote), knote.fd());
        }
        int fd = knote.fd();
        if (knote.file != null && knotesOf(fd).isEmpty()) {
            files.remove(fd);
            LinuxCalls.remove(hidden.identity(), fd);
        }
    }

    private List<SimulatedKnote> knotesOf(int fd) {
        List<SimulatedKnote> found = new ArrayList<>();
        for (Filter filter : Filter.values()) {
            SimulatedKnote knote = filter.isOfDescriptors() ? knotes.get(new SimulatedKnote.Id(fd, filter)) : null;
            if (knote != null) {
                found.add(knote);
            }
        }
        return found;
    }

    /// Drops the knotes of a descriptor that was closed, even if its number is assigned again.
    ///
    /// @return whether it was closed
    private boolean dropIfClosed(int fd) {
        SimulatedFile file = files.get(fd);
        if (file == null || refersToSameFile(fd, file)) {
            return false;
        }
        knotesOf(fd).forEach(this::drop);
        return true;
    }

    private boolean refersToSameFile(int fd, SimulatedFile file) {
        boolean unpollable = knotesOf(fd).stream().anyMatch(knote -> knote.unpollable);
        return unpollable ? file.refersToSameFile(fd) : LinuxCalls.isIn(hidden.identity(), fd);
    }

    /// Collects pending events.
    ///
    /// @param max the maximum number of events
    synchronized List<SimulatedKevent> collect(int calledFd, int max) {
        kq = calledFd;
        List<SimulatedKevent> events = new ArrayList<>();
        collectQueued(max, events);
        for (int i = 0; i < 4 && events.size() < max; i++) {
            // Each source is the first one in turn, so that none starves.
            int source = (firstSource + i) % 4;
            switch (source) {
                case 0 -> collect(kq, max, events);
                case 1 -> collect(hidden.write(), max, events);
                case 2 -> collect(hidden.except(), max, events);
                default -> collectUnpollable(max, events);
            }
        }
        firstSource = (firstSource + 1) % 4;
        toRearm.stream().filter(knote -> knotes.get(knote.id) == knote).forEach(this::arm);
        toRearm.clear();
        unpollableKnotes.refresh();
        return events;
    }

    private void collect(int epfd, int max, List<SimulatedKevent> events) {
        // The hidden descriptors are among the entries, are returned each time and take turns with the others. So a
        // full
        // wait that returns nothing else is repeated. A wait that is not full ends the loop.
        int waitsWithoutEvents = 0;
        while (waitsWithoutEvents < 5 && events.size() < max) {
            int before = events.size();
            EpollEventArray ready = new EpollEventArray(Math.min(max - before, 1024));
            int count = LinuxLibc.epoll_wait(ErrnoCapture.current(), epfd, ready, ready.capacity(), 0);
            for (int i = 0; i < count; i++) {
                SimulatedKnote knote = byToken.get(ready.data(i));
                if (knote != null && !dropIfClosed(knote.fd())) {
                    evaluate(knote, events);
                }
            }
            if (count < ready.capacity()) {
                return;
            }
            waitsWithoutEvents = events.size() > before ? 0 : waitsWithoutEvents + 1;
        }
    }

    private void evaluate(SimulatedKnote knote, List<SimulatedKevent> events) {
        SimulatedFile file = knote.file;
        if (file == null || knote.disabled) {
            return;
        }
        int mask = file.mask();
        SimulatedFile.Found found = file.evaluate(abi, knote.id.filter(), mask, knote.notes);
        if (found != null) {
            report(knote, found, events);
        } else if (!knote.has(SimulatedKevent.EV_CLEAR) && !knote.edge) {
            // Linux reports it as ready and the BSD does not: level-triggered, it would be reported again at once.
            knote.edge = true;
            watch(knote, EPOLLET);
        }
    }

    /// Reports one-shot knotes. The BSDs (kqueue_scan) do not evaluate the filter again: the knote is reported if it
    /// was ready when it was added, even if the data were read meanwhile.
    private void collectQueued(int max, List<SimulatedKevent> events) {
        for (SimulatedKnote knote : List.copyOf(knotes.values())) {
            if (knote.queued != null && events.size() < max && !dropIfClosed(knote.fd())) {
                report(knote, knote.queued, events);
            }
        }
    }

    private void collectUnpollable(int max, List<SimulatedKevent> events) {
        for (SimulatedKnote knote : unpollableKnotes.all()) {
            if (events.size() == max) {
                return;
            }
            if (knote.file != null && dropIfClosed(knote.fd())) {
                continue;
            }
            SimulatedFile.Found found = knote.disabled ? null : unpollableKnotes.find(knote);
            if (found != null) {
                report(knote, found, events);
            }
        }
    }

    private void report(SimulatedKnote knote, SimulatedFile.Found found, List<SimulatedKevent> events) {
        int addFlag = abi.apple() ? SimulatedKevent.EV_ADD : 0;
        events.add(new SimulatedKevent(
                knote.id.ident(),
                knote.number,
                knote.flags | addFlag | found.flags(),
                found.fflags(),
                found.data(),
                knote.udata));
        unpollableKnotes.reported(knote);
        if (knote.has(SimulatedKevent.EV_ONESHOT)) {
            drop(knote);
        } else if (knote.has(SimulatedKevent.EV_DISPATCH)
                && !(abi.wideCounts() && knote.has(SimulatedKevent.EV_CLEAR))) {
            // NetBSD (kqueue_scan) checks EV_CLEAR first and then ignores EV_DISPATCH.
            knote.disabled = true;
            arm(knote);
        } else if (!knote.has(SimulatedKevent.EV_CLEAR)) {
            toRearm.add(knote);
        }
    }

    /// Waits until an event may be pending.
    ///
    /// @param nanos the timeout
    /// @return 0 or `-errno`
    int await(long nanos) {
        long waitNanos = unpollableKnotes.needsPolling() ? Math.min(FILE_POLL_INTERVAL, nanos) : nanos;
        PollFds fds = new PollFds();
        synchronized (this) {
            fds.add(kq, EPOLLIN);
        }
        Timespec timeout = waitNanos == FOREVER ? null : new Timespec().set(Math.max(0, waitNanos));
        return Math.min(0, PosixIssue8.ppoll(ErrnoCapture.current(), fds, 1, timeout, null));
    }
}
