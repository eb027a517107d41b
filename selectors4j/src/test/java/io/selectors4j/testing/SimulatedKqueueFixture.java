package io.selectors4j.testing;

import static io.selectors4j.testing.SimulatedKevent.EV_ERROR;
import static io.selectors4j.testing.SimulatedKevent.EV_RECEIPT;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Timespec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A simulated kqueue, and calls on it with the structs of its system.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
@Timeout(Expect.TEST_SECONDS)
abstract class SimulatedKqueueFixture {

    // asm-generic/errno-base.h
    static final int ENOENT = 2;
    static final int EBADF = 9;
    static final int EINVAL = 22;
    static final int EPIPE = 32;

    static final long MILLI = 1_000_000;
    static final int NOTE_TRIGGER = 0x01000000;

    final KqueueSystem system;
    final SimulatedKqueueAbi abi;
    final SimulatedKqueue kernel;
    final KqueueLibc libc;
    final int kq;

    final int read;
    final int write;
    final int user;
    final int timer;

    final Deque<AutoCloseable> owned = new ArrayDeque<>();
    final Set<Integer> open = new HashSet<>();

    SimulatedKqueueFixture(KqueueSystem system) {
        this.system = system;
        abi = SimulatedKqueueAbi.of(system);
        kernel = new SimulatedKqueue(system);
        libc = new KqueueLibc(system, kernel.lookup());
        kq = libc.kqueue(new ErrnoCapture());
        open.add(kq);
        read = number(SimulatedKqueueAbi.Filter.READ);
        write = number(SimulatedKqueueAbi.Filter.WRITE);
        user = number(SimulatedKqueueAbi.Filter.USER);
        timer = number(SimulatedKqueueAbi.Filter.TIMER);
    }

    int number(SimulatedKqueueAbi.Filter filter) {
        return abi.filters().entrySet().stream()
                .filter(entry -> entry.getValue() == filter)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @AfterEach
    void nothingFailed() throws Exception {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
        open.forEach(Libc::close);
        assertThat(kernel.failure()).isNull();
    }

    ConnectedPair pair(ConnectedPair.Kind kind) throws IOException {
        ConnectedPair pair = kind.open();
        owned.push(pair);
        return pair;
    }

    int dup(int fd) {
        int duplicate = Libc.dup(fd);
        open.add(duplicate);
        return duplicate;
    }

    void close(int fd) {
        assertThat(open.remove(fd)).isTrue();
        Libc.close(fd);
    }

    /// The result of a call and its events.
    ///
    /// @param events empty if the call failed
    record Outcome(int result, List<SimulatedKevent> events) {}

    Outcome call(int fd, List<SimulatedKevent> changes, int max, long nanos) {
        KeventArray changelist = new KeventArray(system, Math.max(1, changes.size()));
        for (int i = 0; i < changes.size(); i++) {
            abi.write(changelist.segment(), i, changes.get(i));
        }
        KeventArray eventlist = new KeventArray(system, Math.max(1, max));
        Timespec timeout = nanos < 0 ? null : new Timespec().set(nanos);
        int result = libc.kevent(new ErrnoCapture(), fd, changelist, changes.size(), eventlist, max, timeout);
        List<SimulatedKevent> events = new ArrayList<>();
        for (int i = 0; i < result; i++) {
            events.add(abi.read(eventlist.segment(), i));
        }
        return new Outcome(result, events);
    }

    static SimulatedKevent change(long ident, int filter, int flags, long udata) {
        return new SimulatedKevent(ident, filter, flags, 0, 0, udata);
    }

    void apply(long ident, int filter, int flags, long udata) {
        assertThat(receiptErrno(change(ident, filter, flags, udata))).isZero();
    }

    /// Returns the errno in the receipt of a change.
    int receiptErrno(SimulatedKevent change) {
        SimulatedKevent requested = new SimulatedKevent(
                change.ident(),
                change.filter(),
                change.flags() | EV_RECEIPT,
                change.fflags(),
                change.data(),
                change.udata());
        Outcome outcome = call(kq, List.of(requested), 1, -1);
        assertThat(outcome.result()).isEqualTo(1);
        SimulatedKevent receipt = outcome.events().getFirst();
        assertThat(receipt.ident()).isEqualTo(change.ident());
        assertThat(receipt.filter()).isEqualTo(change.filter());
        assertThat(receipt.has(EV_ERROR)).isTrue();
        assertThat(receipt.udata()).isEqualTo(change.udata());
        return (int) receipt.data();
    }

    List<SimulatedKevent> pending() {
        return call(kq, List.of(), 10, 0).events();
    }

    SimulatedKevent single() {
        List<SimulatedKevent> events = pending();
        assertThat(events).hasSize(1);
        return events.getFirst();
    }
}
