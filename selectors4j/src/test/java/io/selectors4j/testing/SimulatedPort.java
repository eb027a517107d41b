package io.selectors4j.testing;

import static io.selectors4j.testing.LinuxCalls.EPOLLET;
import static io.selectors4j.testing.LinuxCalls.EPOLLIN;
import static io.selectors4j.testing.LinuxCalls.EPOLLOUT;
import static io.selectors4j.testing.LinuxCalls.EPOLLPRI;
import static io.selectors4j.testing.LinuxCalls.EPOLLRDHUP;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxLibc;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// One I/O completion port and the polls that complete on it. An edge-triggered epoll instance wakes it when a socket
/// changes; poll(2) then tells the state.
///
/// A closed socket is noticed when a wait begins that finds nothing else, and when its number is polled again. As long
/// as an open file has other descriptors, it is not closed, and its polls go on.
final class SimulatedPort {

    private static final int STATUS_PENDING = 0x103;
    private static final int STATUS_INVALID_PARAMETER = 0xC000000D;
    private static final int STATUS_INVALID_HANDLE = 0xC0000008;
    private static final int STATUS_OBJECT_TYPE_MISMATCH = 0xC0000024;
    static final int STATUS_CANCELLED = 0xC0000120;
    private static final int STATUS_NOT_FOUND = 0xC0000225;
    private static final int STATUS_CONNECTION_REFUSED = 0xC0000236;

    static final int WAIT_TIMEOUT = 258;
    private static final int ERROR_ABANDONED_WAIT_0 = 735;

    private static final int ALL = EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    private static final long EVENTFD = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final ThreadLocal<EpollEventArray> EVENTS = ThreadLocal.withInitial(() -> new EpollEventArray(64));

    private final HiddenDescriptors hidden = HiddenDescriptors.take();
    private final int epfd = hidden.identity();
    private final Map<Integer, Watched> byFd = new HashMap<>();
    private final Map<Long, Watched> byId = new HashMap<>();

    /// The pending polls by the addresses of their memory.
    private final Map<Long, Watched> pending = new HashMap<>();

    private final Deque<Completion> queue = new ArrayDeque<>();
    private long lastId;
    private int waiters;
    private boolean closed;

    /// The polls of one open file under one number.
    ///
    /// @param fd the number
    /// @param id the user data of its entry in the epoll instance
    /// @param polls the pending polls
    private record Watched(int fd, long id, List<SimulatedPoll> polls) {}

    /// An entry of the queue.
    ///
    /// @param key the completion key
    /// @param overlapped the value of `lpOverlapped`
    /// @param status the value of `Internal`
    /// @param bytes the number of bytes
    record Completion(long key, long overlapped, long status, int bytes) {}

    SimulatedPort() {
        if (LinuxCalls.add(epfd, hidden.event(), EPOLLIN | EPOLLET, EVENTFD) < 0) {
            throw new AssertionError("no port");
        }
    }

    /// Submits a poll.
    ///
    /// @return the status
    synchronized int submit(SimulatedPoll poll, int fd) {
        if (pending.containsKey(poll.address())) {
            throw new AssertionError("the kernel has this memory: " + poll);
        }
        Watched watched = byFd.get(fd);
        if (watched != null && !refersToSameFile(watched)) {
            dropIfClosed(watched);
            watched = null;
        }
        if (watched == null) {
            int result = add(fd, lastId + 1);
            if (result < 0) {
                return result == -LinuxCalls.EBADF
                        ? STATUS_INVALID_HANDLE
                        : result == -LinuxCalls.EPERM ? STATUS_OBJECT_TYPE_MISMATCH : STATUS_INVALID_PARAMETER;
            }
            watched = new Watched(fd, ++lastId, new ArrayList<>());
            byFd.put(fd, watched);
            byId.put(watched.id, watched);
        }
        if (!watched.polls.isEmpty()) {
            throw new AssertionError("AFD confuses two polls of one socket on one port: " + poll);
        }
        int events = SimulatedSocket.events(fd) & poll.events();
        if (events == 0) {
            watched.polls.add(poll);
            pending.put(poll.address(), watched);
            return STATUS_PENDING;
        }
        complete(poll, events);
        return 0;
    }

    private int add(int fd, long id) {
        int result = LinuxCalls.add(epfd, fd, ALL, id);
        if (result == -LinuxCalls.EEXIST) { // the open file of a number that was closed is back
            LinuxCalls.remove(epfd, fd);
            result = LinuxCalls.add(epfd, fd, ALL, id);
        }
        return result;
    }

    private void complete(SimulatedPoll poll, int events) {
        pending.remove(poll.address());
        poll.complete(events, (events & SimulatedSocket.CONNECT_FAIL) != 0 ? STATUS_CONNECTION_REFUSED : 0);
        post(new Completion(0, poll.context, 0, 32));
    }

    /// Appends to the queue, and wakes a waiting thread.
    synchronized void post(Completion completion) {
        queue.add(completion);
        signal();
    }

    private void signal() {
        LinuxLibc.eventfd_write(ErrnoCapture.current(), hidden.event(), 1);
    }

    private boolean refersToSameFile(Watched watched) {
        int result = LinuxCalls.add(epfd, watched.fd, 0, 0);
        if (result == 0) {
            LinuxCalls.remove(epfd, watched.fd);
        }
        return result == -LinuxCalls.EEXIST;
    }

    /// Ends the polls of a closed number, unless the open file has other descriptors.
    private void dropIfClosed(Watched watched) {
        if (isOpen(watched)) {
            return;
        }
        byFd.remove(watched.fd, watched);
        byId.remove(watched.id);
        watched.polls.forEach(poll -> complete(poll, SimulatedSocket.LOCAL_CLOSE));
        watched.polls.clear();
    }

    /// Returns whether an open file has a descriptor, perhaps another than at first: proc(5) shows the entries of the
    /// epoll instance, which the kernel removes with the last one.
    private boolean isOpen(Watched watched) {
        String entry = ".*\\bdata: +" + Long.toHexString(watched.id) + "\\b.*";
        // Not with a channel, which an interrupt would close.
        try (BufferedReader lines =
                new BufferedReader(new FileReader("/proc/self/fdinfo/" + epfd, StandardCharsets.US_ASCII))) {
            return lines.lines().anyMatch(line -> line.matches(entry));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Cancels one poll of a handle of AFD.
    ///
    /// @return the status
    synchronized int cancel(long afd, long address) {
        Watched watched = pending.get(address);
        return watched == null ? STATUS_NOT_FOUND : cancel(watched, poll -> poll.afd == afd);
    }

    /// Cancels all polls of a handle of AFD.
    ///
    /// @return the status
    synchronized int cancelAll(Predicate<SimulatedPoll> which) {
        int status = STATUS_NOT_FOUND;
        for (Watched watched : List.copyOf(byId.values())) {
            status = Math.max(status, cancel(watched, which)); // 0 is the greater one
        }
        return status;
    }

    private int cancel(Watched watched, Predicate<SimulatedPoll> which) {
        int status = STATUS_NOT_FOUND;
        for (SimulatedPoll poll : List.copyOf(watched.polls)) {
            if (which.test(poll)) {
                status = 0;
                watched.polls.remove(poll);
                pending.remove(poll.address());
                poll.end(STATUS_CANCELLED, 0);
                post(new Completion(0, poll.context, STATUS_CANCELLED & 0xFFFFFFFFL, 0));
            }
        }
        if (watched.polls.isEmpty()) {
            byFd.remove(watched.fd, watched);
            byId.remove(watched.id);
            if (refersToSameFile(watched)) {
                LinuxCalls.remove(epfd, watched.fd);
            }
        }
        return status;
    }

    /// Receives the completions of a wait.
    interface Sink {
        void accept(int index, Completion completion);
    }

    /// Dequeues completions.
    ///
    /// @param millis the timeout; -1 for none. As on Windows, a wait may end a tick too early
    /// @return their number, or a negative error
    int take(int max, int millis, Sink into) {
        synchronized (this) {
            waiters++;
        }
        try {
            long end = System.nanoTime() + (millis > 1 ? millis - 1 : millis) * NANOS_PER_MILLI;
            while (true) {
                int taken = takeNow(max, into);
                if (taken != 0) {
                    return taken;
                }
                long remaining = end - System.nanoTime();
                if (millis == 0 || (millis > 0 && remaining <= 0)) {
                    return -WAIT_TIMEOUT;
                }
                int wait = millis < 0 ? -1 : (int) (remaining / NANOS_PER_MILLI) + 1;
                receive(EVENTS.get(), wait);
            }
        } finally {
            synchronized (this) {
                waiters--;
                releaseIfUnused();
            }
        }
    }

    private void receive(EpollEventArray events, int millis) {
        int count = LinuxLibc.epoll_wait(ErrnoCapture.current(), epfd, events, events.capacity(), millis);
        synchronized (this) {
            for (int i = 0; i < count; i++) {
                Watched watched = byId.get(events.data(i));
                if (watched != null) {
                    evaluate(watched, events.events(i));
                }
            }
        }
    }

    private synchronized int takeNow(int max, Sink into) {
        if (closed) {
            return -ERROR_ABANDONED_WAIT_0;
        }
        receive(EVENTS.get(), 0);
        if (queue.isEmpty()) {
            for (Watched watched : List.copyOf(byId.values())) {
                if (!watched.polls.isEmpty() && !refersToSameFile(watched)) {
                    dropIfClosed(watched);
                }
            }
        }
        int taken = 0;
        while (taken < max && !queue.isEmpty()) {
            into.accept(taken++, queue.remove());
        }
        if (!queue.isEmpty()) {
            signal(); // another thread may wait
        }
        return taken;
    }

    /// Completes the polls of an open file that are ready.
    ///
    /// @param mask the events that epoll has reported
    private void evaluate(Watched watched, int mask) {
        if (watched.polls.isEmpty()) {
            return;
        }
        boolean closed = !refersToSameFile(watched);
        if (closed) {
            dropIfClosed(watched);
        }
        int events = closed ? SimulatedSocket.ofDuplicate(mask) : SimulatedSocket.events(watched.fd);
        for (SimulatedPoll poll : List.copyOf(watched.polls)) {
            if ((events & poll.events()) != 0) {
                watched.polls.remove(poll);
                complete(poll, events & poll.events());
            }
        }
    }

    /// Closes the port.
    synchronized void close() {
        long lost =
                queue.stream().filter(completion -> completion.overlapped != 0).count();
        closed = true;
        signal();
        releaseIfUnused();
        if (lost + pending.size() > 0) {
            throw new AssertionError(
                    "closed before " + lost + " completions were dequeued, " + pending.size() + " pending");
        }
    }

    private void releaseIfUnused() {
        if (closed && waiters == 0) {
            waiters = -1;
            hidden.close();
        }
    }
}
