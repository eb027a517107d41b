package io.selectors4j.testing;

import static io.selectors4j.testing.FakeCalls.EPOLLET;
import static io.selectors4j.testing.FakeCalls.EPOLLIN;
import static io.selectors4j.testing.FakeCalls.EPOLLONESHOT;
import static io.selectors4j.testing.FakeCalls.EPOLLOUT;
import static io.selectors4j.testing.FakeCalls.EPOLLPRI;
import static io.selectors4j.testing.FakeCalls.EPOLLRDHUP;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.PosixIssue8;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.testing.FakeKqueueAbi.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One kqueue. Its descriptor is an epoll instance, so that it can be closed, duplicated, polled and nested like one of the
/// kernel. The epoll set has an entry for each EVFILT_READ, and one for each of the hidden sets of the other filters.
///
/// A level-triggered knote is an EPOLLONESHOT entry that is armed anew when its event has been taken. So the entry of a
/// number that was closed, which Linux keeps for as long as a duplicate lives, and which nothing can remove, is heard of once
/// and never again.
final class FakeQueue {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /// How often a regular file that is at its end is looked at again.
    private static final long FILE_SLICE = 5 * NANOS_PER_MILLI;

    private static final long FOREVER = Long.MAX_VALUE;

    /// Tokens of the hidden sets.
    private static final long HIDDEN = -1;

    private final FakeKqueueAbi abi;
    private final Set<Integer> refused;
    private final HiddenDescriptors hidden;
    private final FakeSoftKnotes soft;

    private final Map<FakeKnote.Id, FakeKnote> knotes = new LinkedHashMap<>();
    private final Map<Long, FakeKnote> byToken = new HashMap<>();
    private final Map<Integer, FakeFile> files = new HashMap<>();

    /// What was reported and is to be watched on.
    private final List<FakeKnote> toArm = new ArrayList<>();

    private long nextToken;
    private int firstSource;

    /// The number under which it was called last.
    private int kq;

    private FakeQueue(FakeKqueueAbi abi, Set<Integer> refused, HiddenDescriptors hidden, int kq) {
        this.abi = abi;
        this.refused = refused;
        this.hidden = hidden;
        this.kq = kq;
        soft = new FakeSoftKnotes(abi, hidden);
    }

    /// Makes a kqueue out of a new epoll instance.
    static FakeQueue create(FakeKqueueAbi abi, Set<Integer> refused, int epfd) {
        HiddenDescriptors hidden = HiddenDescriptors.take();
        for (int fd : List.of(hidden.write(), hidden.except(), hidden.event(), hidden.timer())) {
            if (FakeCalls.add(epfd, fd, EPOLLIN, HIDDEN) < 0) {
                throw new AssertionError("no kqueue");
            }
        }
        return new FakeQueue(abi, refused, hidden, epfd);
    }

    /// Whether a number refers to it.
    boolean isBehind(int fd) {
        return FakeCalls.isIn(fd, hidden.event());
    }

    /// Gives back what it consists of. Its own descriptor is closed by then.
    synchronized void close() {
        hidden.close();
    }

    /// Makes a change.
    ///
    /// @return an errno, or 0
    synchronized int register(int calledAs, FakeKevent change) {
        kq = calledAs;
        Filter filter = abi.filter(change);
        if (filter == null) {
            return FakeCalls.EINVAL;
        }
        int error = filter.isOfDescriptors() ? registerDescriptor(filter, change) : registerOther(filter, change);
        soft.refresh();
        return error;
    }

    private int registerDescriptor(Filter filter, FakeKevent change) {
        int fd = (int) change.ident();
        if (change.ident() != fd) {
            return FakeCalls.EBADF;
        }
        if (!FakeCalls.isOpen(fd)) {
            knotesOf(fd).forEach(this::drop); // a duplicate may come back under the number
            return FakeCalls.EBADF;
        }
        forgetIfClosed(fd);
        FakeKnote.Id id = new FakeKnote.Id(fd, filter);
        FakeKnote knote = knotes.get(id);
        if (knote == null) {
            return change.has(FakeKevent.EV_ADD) ? attach(id, change) : FakeCalls.ENOENT;
        }
        if (change.has(FakeKevent.EV_DELETE)) {
            drop(knote);
            return 0;
        }
        update(knote, change);
        return arm(knote);
    }

    private int attach(FakeKnote.Id id, FakeKevent change) {
        int fd = (int) id.ident();
        if (refused.contains(fd)) {
            return FakeCalls.EINVAL;
        }
        FakeFile known = files.get(fd);
        FakeFile file = known != null ? known : new FakeFile(fd);
        int anchored = FakeCalls.add(hidden.anchor(), fd, 0, 0);
        boolean unpollable = anchored == -FakeCalls.EPERM;
        if (anchored < 0 && anchored != -FakeCalls.EEXIST && !unpollable) {
            return -anchored;
        }
        int error = file.refusal(abi, id.filter());
        if (error == 0) {
            FakeKnote knote = new FakeKnote(id, change, nextToken++, file, unpollable);
            enter(knote, change);
            error = arm(knote);
            if (error != 0) {
                drop(knote);
            } else if (knote.has(FakeKevent.EV_ONESHOT) && knote.isPollable() && !abi.apple()) {
                knote.queued = file.evaluate(abi, id.filter(), file.mask(), knote.notes);
            }
        }
        if (error == 0) {
            files.put(fd, file);
        } else if (known == null) {
            FakeCalls.remove(hidden.anchor(), fd);
        }
        return error;
    }

    private int registerOther(Filter filter, FakeKevent change) {
        FakeKnote.Id id = new FakeKnote.Id(change.ident(), filter);
        FakeKnote knote = knotes.get(id);
        if (knote == null) {
            if (!change.has(FakeKevent.EV_ADD)) {
                return FakeCalls.ENOENT;
            }
            FakeKnote made = new FakeKnote(id, change, nextToken++, null, false);
            int error = soft.attach(made, change);
            if (error == 0) {
                enter(made, change);
            }
            return error;
        }
        if (change.has(FakeKevent.EV_DELETE)) {
            drop(knote);
            return 0;
        }
        int error = soft.touch(knote, change);
        if (error == 0) {
            enable(knote, change);
            knote.udata = change.udata();
        }
        return error;
    }

    private void enter(FakeKnote knote, FakeKevent change) {
        knote.disabled = change.has(FakeKevent.EV_DISABLE);
        knote.udata = change.udata();
        if (knote.file != null) {
            knote.notes = change.fflags();
            knote.data = change.data();
        }
        knotes.put(knote.id, knote);
        byToken.put(knote.token, knote);
        if (!knote.isPollable()) {
            soft.add(knote);
        }
    }

    /// What a change of a knote that exists sets. The flags that it was added with stay.
    private static void update(FakeKnote knote, FakeKevent change) {
        enable(knote, change);
        knote.notes = change.fflags();
        knote.data = change.data();
        knote.udata = change.udata();
    }

    private static void enable(FakeKnote knote, FakeKevent change) {
        if (change.has(FakeKevent.EV_ENABLE)) {
            knote.disabled = false;
        } else if (change.has(FakeKevent.EV_DISABLE)) {
            knote.disabled = true;
        }
    }

    /// Has the kernel look at a descriptor (again), or not look at it any more.
    ///
    /// @return an errno, or 0
    private int arm(FakeKnote knote) {
        knote.edge = false;
        if (!knote.isPollable()) {
            return 0;
        }
        if (knote.disabled) {
            FakeCalls.remove(set(knote), knote.fd());
            return 0;
        }
        return -watch(knote, knote.has(FakeKevent.EV_CLEAR) ? EPOLLET : EPOLLONESHOT);
    }

    private int watch(FakeKnote knote, int mode) {
        int events = mode
                | switch (knote.id.filter()) {
                    case READ -> EPOLLIN | EPOLLRDHUP;
                    case WRITE -> EPOLLOUT;
                    case EXCEPT -> abi.apple() ? EPOLLPRI | EPOLLIN | EPOLLRDHUP : EPOLLPRI;
                    case TIMER, USER -> throw new AssertionError(knote.id);
                };
        int result = FakeCalls.add(set(knote), knote.fd(), events, knote.token);
        return result == -FakeCalls.EEXIST ? FakeCalls.modify(set(knote), knote.fd(), events, knote.token) : result;
    }

    private int set(FakeKnote knote) {
        return switch (knote.id.filter()) {
            case READ -> kq;
            case WRITE -> hidden.write();
            case EXCEPT -> hidden.except();
            case TIMER, USER -> throw new AssertionError(knote.id);
        };
    }

    private void drop(FakeKnote knote) {
        knotes.remove(knote.id);
        byToken.remove(knote.token);
        soft.remove(knote);
        if (knote.isPollable()) {
            FakeCalls.remove(set(knote), knote.fd());
        }
        int fd = knote.fd();
        if (knote.file != null && knotesOf(fd).isEmpty()) {
            files.remove(fd);
            FakeCalls.remove(hidden.anchor(), fd);
        }
    }

    private List<FakeKnote> knotesOf(int fd) {
        List<FakeKnote> found = new ArrayList<>();
        for (Filter filter : Filter.values()) {
            FakeKnote knote = filter.isOfDescriptors() ? knotes.get(new FakeKnote.Id(fd, filter)) : null;
            if (knote != null) {
                found.add(knote);
            }
        }
        return found;
    }

    /// Drops the knotes of a descriptor that was closed, whoever has its number now.
    ///
    /// @return whether it was
    private boolean forgetIfClosed(int fd) {
        FakeFile file = files.get(fd);
        if (file == null || isStill(fd, file)) {
            return false;
        }
        knotesOf(fd).forEach(this::drop);
        return true;
    }

    private boolean isStill(int fd, FakeFile file) {
        boolean unpollable = knotesOf(fd).stream().anyMatch(knote -> knote.unpollable);
        return unpollable ? file.leadsTo(fd) : FakeCalls.isIn(hidden.anchor(), fd);
    }

    /// Takes pending events.
    ///
    /// @param max how many at most
    synchronized List<FakeKevent> collect(int calledAs, int max) {
        kq = calledAs;
        List<FakeKevent> events = new ArrayList<>();
        collectQueued(max, events);
        for (int i = 0; i < 4 && events.size() < max; i++) {
            // Each of them is the first one in turn, so that none starves.
            int source = (firstSource + i) % 4;
            switch (source) {
                case 0 -> collect(kq, max, events);
                case 1 -> collect(hidden.write(), max, events);
                case 2 -> collect(hidden.except(), max, events);
                default -> collectSoft(max, events);
            }
        }
        firstSource = (firstSource + 1) % 4;
        toArm.stream().filter(knote -> knotes.get(knote.id) == knote).forEach(this::arm);
        toArm.clear();
        soft.refresh();
        return events;
    }

    private void collect(int epfd, int max, List<FakeKevent> events) {
        // Among the entries are the hidden sets, which take turns with the others.
        for (int i = 0; i < 5 && events.size() < max; i++) {
            EpollEventArray ready = new EpollEventArray(Math.min(max - events.size(), 1024));
            int count = LinuxLibc.epoll_wait(ErrnoCapture.current(), epfd, ready, ready.capacity(), 0);
            for (int j = 0; j < count; j++) {
                FakeKnote knote = byToken.get(ready.data(j));
                if (knote != null && !forgetIfClosed(knote.fd())) {
                    evaluate(knote, events);
                }
            }
        }
    }

    private void evaluate(FakeKnote knote, List<FakeKevent> events) {
        FakeFile file = knote.file;
        if (file == null || knote.disabled) {
            return;
        }
        int mask = file.mask();
        FakeFile.Found found = file.evaluate(abi, knote.id.filter(), mask, knote.notes);
        if (found != null) {
            report(knote, found, events);
        } else if (!knote.has(FakeKevent.EV_CLEAR) && !knote.edge) {
            // Not to be asked again at once where Linux says that it is ready.
            knote.edge = true;
            watch(knote, EPOLLET);
        }
    }

    /// The BSDs (kqueue_scan) do not look again at what is one-shot: it is reported if it was ready when it was added, though it
    /// may have been read meanwhile.
    private void collectQueued(int max, List<FakeKevent> events) {
        for (FakeKnote knote : List.copyOf(knotes.values())) {
            if (knote.queued != null && events.size() < max && !forgetIfClosed(knote.fd())) {
                report(knote, knote.queued, events);
            }
        }
    }

    private void collectSoft(int max, List<FakeKevent> events) {
        for (FakeKnote knote : soft.all()) {
            if (events.size() == max) {
                return;
            }
            if (knote.file != null && forgetIfClosed(knote.fd())) {
                continue;
            }
            FakeFile.Found found = knote.disabled ? null : soft.find(knote);
            if (found != null) {
                report(knote, found, events);
            }
        }
    }

    private void report(FakeKnote knote, FakeFile.Found found, List<FakeKevent> events) {
        int echoed = abi.apple() ? FakeKevent.EV_ADD : 0;
        events.add(new FakeKevent(
                knote.id.ident(),
                knote.number,
                knote.flags | echoed | found.flags(),
                found.fflags(),
                found.data(),
                knote.udata));
        soft.reported(knote);
        if (knote.has(FakeKevent.EV_ONESHOT)) {
            drop(knote);
        } else if (knote.has(FakeKevent.EV_DISPATCH) && !(abi.wideCounts() && knote.has(FakeKevent.EV_CLEAR))) {
            // NetBSD (kqueue_scan) looks at EV_CLEAR first, and then not at EV_DISPATCH.
            knote.disabled = true;
            arm(knote);
        } else if (!knote.has(FakeKevent.EV_CLEAR)) {
            toArm.add(knote);
        }
    }

    /// Waits until something may be pending.
    ///
    /// @param nanos how long at most
    /// @return 0 or `-errno`
    int await(long nanos) {
        long slice = soft.isToBeLookedAtAgain() ? Math.min(FILE_SLICE, nanos) : nanos;
        PollFds fds = new PollFds();
        synchronized (this) {
            fds.add(kq, EPOLLIN);
        }
        Timespec timeout = slice == FOREVER ? null : new Timespec().set(Math.max(0, slice));
        return Math.min(0, PosixIssue8.ppoll(ErrnoCapture.current(), fds, 1, timeout, null));
    }
}
