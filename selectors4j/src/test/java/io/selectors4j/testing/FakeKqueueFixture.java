package io.selectors4j.testing;

import static io.selectors4j.testing.FakeKevent.EV_ERROR;
import static io.selectors4j.testing.FakeKevent.EV_RECEIPT;
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

/// A kqueue of [FakeKqueue], and calls on it in bytes.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
@Timeout(120)
abstract class FakeKqueueFixture {

    // asm-generic/errno-base.h
    static final int ENOENT = 2;
    static final int EBADF = 9;
    static final int EINVAL = 22;
    static final int EPIPE = 32;

    static final long MILLI = 1_000_000;
    static final int NOTE_TRIGGER = 0x01000000;

    final KqueueSystem system;
    final FakeKqueueAbi abi;
    final FakeKqueue fake;
    final KqueueLibc libc;
    final int kq;

    final int read;
    final int write;
    final int user;
    final int timer;

    final Deque<AutoCloseable> owned = new ArrayDeque<>();
    final Set<Integer> open = new HashSet<>();

    FakeKqueueFixture(KqueueSystem system) {
        this.system = system;
        abi = FakeKqueueAbi.of(system);
        fake = new FakeKqueue(system);
        libc = new KqueueLibc(system, fake.lookup());
        kq = libc.kqueue(new ErrnoCapture());
        open.add(kq);
        read = number(FakeKqueueAbi.Filter.READ);
        write = number(FakeKqueueAbi.Filter.WRITE);
        user = number(FakeKqueueAbi.Filter.USER);
        timer = number(FakeKqueueAbi.Filter.TIMER);
    }

    int number(FakeKqueueAbi.Filter filter) {
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
        assertThat(fake.failure()).isNull();
    }

    ConnectedPair link(ConnectedPair.Kind kind) throws IOException {
        ConnectedPair link = kind.open();
        owned.push(link);
        return link;
    }

    int dup(int fd) {
        int made = Libc.dup(fd);
        open.add(made);
        return made;
    }

    void close(int fd) {
        assertThat(open.remove(fd)).isTrue();
        Libc.close(fd);
    }

    /// A call, whose events are as long as it says how many there are.
    ///
    /// @param events null if it failed
    record Outcome(int result, List<FakeKevent> events) {}

    Outcome call(int fd, List<FakeKevent> changes, int max, long nanos) {
        KeventArray changelist = new KeventArray(system, Math.max(1, changes.size()));
        for (int i = 0; i < changes.size(); i++) {
            abi.write(changelist.segment(), i, changes.get(i));
        }
        KeventArray eventlist = new KeventArray(system, Math.max(1, max));
        Timespec timeout = nanos < 0 ? null : new Timespec().set(nanos);
        int result = libc.kevent(new ErrnoCapture(), fd, changelist, changes.size(), eventlist, max, timeout);
        List<FakeKevent> events = new ArrayList<>();
        for (int i = 0; i < result; i++) {
            events.add(abi.read(eventlist.segment(), i));
        }
        return new Outcome(result, events);
    }

    static FakeKevent change(long ident, int filter, int flags, long udata) {
        return new FakeKevent(ident, filter, flags, 0, 0, udata);
    }

    void apply(long ident, int filter, int flags, long udata) {
        assertThat(answer(change(ident, filter, flags, udata))).isZero();
    }

    /// The errno of a change, as its receipt tells.
    int answer(FakeKevent change) {
        FakeKevent asked = new FakeKevent(
                change.ident(),
                change.filter(),
                change.flags() | EV_RECEIPT,
                change.fflags(),
                change.data(),
                change.udata());
        Outcome outcome = call(kq, List.of(asked), 1, -1);
        assertThat(outcome.result()).isEqualTo(1);
        FakeKevent answer = outcome.events().getFirst();
        assertThat(answer.ident()).isEqualTo(change.ident());
        assertThat(answer.filter()).isEqualTo(change.filter());
        assertThat(answer.has(EV_ERROR)).isTrue();
        assertThat(answer.udata()).isEqualTo(change.udata());
        return (int) answer.data();
    }

    List<FakeKevent> pending() {
        return call(kq, List.of(), 10, 0).events();
    }

    FakeKevent single() {
        List<FakeKevent> events = pending();
        assertThat(events).hasSize(1);
        return events.getFirst();
    }
}
