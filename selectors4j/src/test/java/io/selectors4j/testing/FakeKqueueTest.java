package io.selectors4j.testing;

import static io.selectors4j.testing.FakeKevent.EV_ADD;
import static io.selectors4j.testing.FakeKevent.EV_CLEAR;
import static io.selectors4j.testing.FakeKevent.EV_DELETE;
import static io.selectors4j.testing.FakeKevent.EV_DISABLE;
import static io.selectors4j.testing.FakeKevent.EV_DISPATCH;
import static io.selectors4j.testing.FakeKevent.EV_ENABLE;
import static io.selectors4j.testing.FakeKevent.EV_EOF;
import static io.selectors4j.testing.FakeKevent.EV_ERROR;
import static io.selectors4j.testing.FakeKevent.EV_ONESHOT;
import static io.selectors4j.testing.FakeKevent.EV_RECEIPT;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.FileFd;
import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.posix.Timespec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The fake against kqueue(2), in bytes.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
@Timeout(30)
class FakeKqueueTest {

    // asm-generic/errno-base.h
    private static final int ENOENT = 2;
    private static final int EBADF = 9;
    private static final int EINVAL = 22;
    private static final int EPIPE = 32;

    private static final long MILLI = 1_000_000;
    private static final int NOTE_TRIGGER = 0x01000000;

    private final KqueueSystem system;
    private final FakeKqueueAbi abi;
    private final FakeKqueue fake;
    private final KqueueLibc libc;
    private final int kq;

    private final int read;
    private final int write;
    private final int user;
    private final int timer;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Set<Integer> open = new HashSet<>();

    FakeKqueueTest(KqueueSystem system) {
        this.system = system;
        abi = FakeKqueueAbi.of(system);
        fake = new FakeKqueue(system);
        libc = new KqueueLibc(system, fake.lookup());
        kq = libc.kqueue(new CallState());
        open.add(kq);
        read = number(FakeKqueueAbi.Filter.READ);
        write = number(FakeKqueueAbi.Filter.WRITE);
        user = number(FakeKqueueAbi.Filter.USER);
        timer = number(FakeKqueueAbi.Filter.TIMER);
    }

    private int number(FakeKqueueAbi.Filter filter) {
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

    private Link link(Link.Kind kind) throws IOException {
        Link link = kind.open();
        owned.push(link);
        return link;
    }

    private int dup(int fd) {
        int made = Libc.dup(fd);
        open.add(made);
        return made;
    }

    private void close(int fd) {
        assertThat(open.remove(fd)).isTrue();
        Libc.close(fd);
    }

    /// A call, whose events are as long as it says how many there are.
    ///
    /// @param events null if it failed
    private record Outcome(int result, List<FakeKevent> events) {}

    private Outcome call(int fd, List<FakeKevent> changes, int max, long nanos) {
        KeventArray changelist = new KeventArray(system, Math.max(1, changes.size()));
        for (int i = 0; i < changes.size(); i++) {
            abi.write(changelist.segment(), i, changes.get(i));
        }
        KeventArray eventlist = new KeventArray(system, Math.max(1, max));
        Timespec timeout = nanos < 0 ? null : new Timespec().set(nanos);
        int result = libc.kevent(new CallState(), fd, changelist, changes.size(), eventlist, max, timeout);
        List<FakeKevent> events = new ArrayList<>();
        for (int i = 0; i < result; i++) {
            events.add(abi.read(eventlist.segment(), i));
        }
        return new Outcome(result, events);
    }

    private static FakeKevent change(long ident, int filter, int flags, long udata) {
        return new FakeKevent(ident, filter, flags, 0, 0, udata);
    }

    private void apply(long ident, int filter, int flags, long udata) {
        assertThat(answer(change(ident, filter, flags, udata))).isZero();
    }

    /// The errno of a change, as its receipt tells.
    private int answer(FakeKevent change) {
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

    private List<FakeKevent> pending() {
        return call(kq, List.of(), 10, 0).events();
    }

    private FakeKevent single() {
        List<FakeKevent> events = pending();
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    @Test
    void theLibraryReadsAndWritesWhatItDoes() {
        KeventArray array = new KeventArray(system, 2);
        array.set(1, 0x1122334455667788L, system.number("EVFILT_USER"), 0x00F5, 0x89ABCDEF, -2, -3);
        FakeKevent event = abi.read(array.segment(), 1);
        assertThat(array.segment().byteSize()).isEqualTo(2L * abi.size());
        assertThat(event).isEqualTo(new FakeKevent(0x1122334455667788L, user, 0x00F5, 0x89ABCDEF, -2, -3));
        abi.write(array.segment(), 0, event);
        assertThat(array.ident(0)).isEqualTo(event.ident());
        assertThat(array.filter(0)).isEqualTo(event.filter());
        assertThat(array.flags(0)).isEqualTo(event.flags());
        assertThat(array.fflags(0)).isEqualTo(event.fflags());
        assertThat(array.data(0)).isEqualTo(event.data());
        assertThat(array.udata(0)).isEqualTo(event.udata());
    }

    @Test
    void readIsReportedWhileThereIsSomething() throws IOException {
        Link link = link(Link.Kind.SOCKET_PAIR);
        int fd = link.reader().fileno();
        apply(fd, read, EV_ADD, 42);
        assertThat(pending()).isEmpty();
        link.write(3);
        for (int i = 0; i < 3; i++) {
            FakeKevent event = single();
            assertThat(event.ident()).isEqualTo(fd);
            assertThat(event.filter()).isEqualTo(read);
            assertThat(event.flags() & ~EV_ADD).isEqualTo(EV_RECEIPT);
            assertThat(event.data()).isEqualTo(3);
            assertThat(event.udata()).isEqualTo(42);
        }
        link.drain();
        assertThat(pending()).isEmpty();
    }

    @Test
    void bothFiltersOfADescriptorAreTwoEvents() throws IOException {
        Link link = link(Link.Kind.SOCKET_PAIR);
        int fd = link.reader().fileno();
        link.write(1);
        apply(fd, read, EV_ADD, 1);
        apply(fd, write, EV_ADD, 2);
        assertThat(pending()).extracting(FakeKevent::filter).containsExactlyInAnyOrder(read, write);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            seen.add(call(kq, List.of(), 1, 0).events().getFirst().filter());
        }
        assertThat(seen).as("none starves").containsExactlyInAnyOrder(read, write);
        apply(fd, write, EV_DELETE, 0);
        assertThat(single().filter()).isEqualTo(read);
    }

    @Test
    void manyAreReportedInTurn() throws IOException {
        Set<Long> all = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            Link link = link(Link.Kind.PIPE);
            link.write(1);
            apply(link.reader().fileno(), read, EV_ADD, i);
            all.add((long) i);
        }
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            List<FakeKevent> events = call(kq, List.of(), 2, 0).events();
            assertThat(events).hasSize(2);
            events.forEach(event -> seen.add(event.udata()));
        }
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void deletedIsNotReportedAndUnknown() throws IOException {
        Link link = link(Link.Kind.PIPE);
        link.write(1);
        int fd = link.reader().fileno();
        apply(fd, read, EV_ADD, 0);
        apply(fd, read, EV_DELETE, 0);
        assertThat(pending()).isEmpty();
        assertThat(answer(change(fd, read, EV_DELETE, 0))).isEqualTo(ENOENT);
        assertThat(answer(change(fd, read, EV_ENABLE, 0))).isEqualTo(ENOENT);
    }

    @Test
    void clearReportsNewsOnly() throws IOException {
        Link link = link(Link.Kind.SOCKET_PAIR);
        apply(link.reader().fileno(), read, EV_ADD | EV_CLEAR, 0);
        for (int i = 0; i < 3; i++) {
            link.write(1);
            assertThat(single().has(EV_CLEAR)).isTrue();
            assertThat(pending()).isEmpty();
        }
        // What was added with a flag keeps it, and a change has it looked at again.
        apply(link.reader().fileno(), read, EV_ADD, 5);
        assertThat(single().udata()).isEqualTo(5);
        assertThat(pending()).isEmpty();
    }

    @Test
    void oneshotIsGoneAfterwards() throws IOException {
        Link link = link(Link.Kind.PIPE);
        link.write(1);
        int fd = link.reader().fileno();
        apply(fd, read, EV_ADD | EV_ONESHOT, 0);
        assertThat(single().has(EV_ONESHOT)).isTrue();
        assertThat(pending()).isEmpty();
        assertThat(answer(change(fd, read, EV_DELETE, 0))).isEqualTo(ENOENT);
    }

    @Test
    void dispatchIsDisabledAfterwards() throws IOException {
        Link link = link(Link.Kind.PIPE);
        link.write(1);
        int fd = link.reader().fileno();
        apply(fd, read, EV_ADD | EV_DISPATCH, 7);
        for (int i = 0; i < 3; i++) {
            assertThat(single().udata()).isEqualTo(7);
            assertThat(pending()).isEmpty();
            apply(fd, read, EV_ENABLE, 7);
        }
        apply(fd, read, EV_DISABLE, 7);
        assertThat(pending()).isEmpty();
        apply(fd, read, EV_DELETE, 0);
    }

    @Test
    void disabledIsKeptQuietEvenAtTheEnd() throws IOException {
        Link link = link(Link.Kind.SOCKET_PAIR);
        int fd = link.reader().fileno();
        apply(fd, read, EV_ADD | EV_DISABLE, 0);
        link.writer().close();
        assertThat(pending()).isEmpty();
        apply(fd, read, EV_ENABLE, 0);
        assertThat(single().has(EV_EOF)).isTrue();
    }

    @Test
    void receiptsComeInsteadOfEvents() throws IOException {
        Link link = link(Link.Kind.SOCKET_PAIR);
        link.write(1);
        int fd = link.reader().fileno();
        Outcome outcome = call(
                kq,
                List.of(
                        change(fd, read, EV_ADD | EV_RECEIPT, 1),
                        change(fd, write, EV_DELETE | EV_RECEIPT, 2),
                        change(fd, write, EV_ADD, 3)),
                10,
                -1);
        assertThat(outcome.events()).extracting(FakeKevent::udata).containsExactly(1L, 2L);
        assertThat(outcome.events()).extracting(FakeKevent::data).containsExactly(0L, (long) ENOENT);
        assertThat(pending()).hasSize(2);
    }

    @Test
    void anErrorWithoutRoomFailsTheCall() {
        assertThat(call(kq, List.of(change(Libc.NEVER_OPEN, read, EV_ADD, 0)), 0, 0)
                        .result())
                .isEqualTo(-EBADF);
        Outcome outcome = call(kq, List.of(change(Libc.NEVER_OPEN, read, EV_ADD, 9)), 1, -1);
        assertThat(outcome.events()).singleElement().matches(event -> event.has(EV_ERROR) && event.data() == EBADF);
    }

    @Test
    void whatIsWrongIsAnError() throws IOException {
        int fd = link(Link.Kind.PIPE).reader().fileno();
        assertThat(answer(change(fd, -77, EV_ADD, 0))).isEqualTo(EINVAL);
        assertThat(answer(change(0x1_0000_0000L + fd, read, EV_ADD, 0))).isEqualTo(EBADF);
        assertThat(call(fd, List.of(), 1, 0).result()).isEqualTo(-EBADF);
        assertThat(call(Libc.NEVER_OPEN, List.of(), 1, 0).result()).isEqualTo(-EBADF);
        fake.refuse(fd);
        assertThat(answer(change(fd, read, EV_ADD, 0))).isEqualTo(EINVAL);
        fake.accept(fd);
        assertThat(answer(change(fd, read, EV_ADD, 0))).isZero();
    }

    @Test
    void theEndOfASocketIsReportedByBothFilters() throws IOException {
        Link link = link(Link.Kind.SOCKET_PAIR);
        int fd = link.reader().fileno();
        link.write(2);
        apply(fd, read, EV_ADD, 0);
        apply(fd, write, EV_ADD, 0);
        assertThat(pending()).noneMatch(event -> event.has(EV_EOF));
        link.writer().close();
        assertThat(pending()).hasSize(2).allMatch(event -> event.has(EV_EOF) && event.fflags() == 0);
    }

    @Test
    void theReaderOfAPipeSeesItsEnd() throws IOException {
        Link link = link(Link.Kind.PIPE);
        apply(link.reader().fileno(), read, EV_ADD, 0);
        link.write(2);
        assertThat(single().has(EV_EOF)).isFalse();
        link.writer().close();
        assertThat(single()).matches(event -> event.has(EV_EOF) && event.data() == 2);
    }

    @Test
    void nobodyWaitsToWriteIntoAPipeWithoutReader() throws IOException {
        Link link = link(Link.Kind.PIPE);
        int fd = link.writer().fileno();
        apply(fd, write, EV_ADD, 0);
        assertThat(single().has(EV_EOF)).isFalse();
        link.reader().close();
        assertThat(single().has(EV_EOF)).isTrue();
        apply(fd, write, EV_DELETE, 0);
        assertThat(answer(change(fd, write, EV_ADD, 0))).isEqualTo(system == KqueueSystem.NETBSD ? EBADF : EPIPE);
    }

    @Test
    void aUserEventIsTriggered() {
        assertThat(answer(change(1, user, 0, 0))).isEqualTo(ENOENT);
        apply(1, user, EV_ADD | EV_CLEAR, 6);
        assertThat(pending()).isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(answer(new FakeKevent(1, user, 0, NOTE_TRIGGER | 0xC0000000 | 0x55, 0, 6)))
                    .isZero();
            assertThat(single()).matches(event -> event.udata() == 6 && event.fflags() == 0x55);
            assertThat(pending()).isEmpty();
        }
        apply(1, user, EV_DELETE, 0);
        assertThat(answer(new FakeKevent(1, user, 0, NOTE_TRIGGER, 0, 0))).isEqualTo(ENOENT);
    }

    @Test
    void aTimerExpiresAgainAndAgain() {
        apply(1, timer, EV_ADD | EV_DISABLE, 0);
        assertThat(answer(new FakeKevent(1, timer, EV_ADD | EV_ENABLE, 0, 20, 8)))
                .isZero();
        long start = System.nanoTime();
        for (int i = 1; i <= 3; i++) {
            Outcome outcome = call(kq, List.of(), 5, -1);
            assertThat(outcome.events()).singleElement().matches(event -> event.data() >= 1 && event.udata() == 8);
        }
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50 * MILLI);
    }

    @Test
    void aTimeoutIsNotEarly() {
        long start = System.nanoTime();
        assertThat(call(kq, List.of(), 1, 30 * MILLI).result()).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30 * MILLI);
        assertThat(call(kq, List.of(), 0, -1).result()).as("no events, no wait").isZero();
    }

    @Test
    void changesOfOthersCountWhileItWaits() throws Exception {
        Link link = link(Link.Kind.SOCKET_PAIR);
        int fd = link.reader().fileno();
        for (Runnable change : List.<Runnable>of(
                () -> apply(fd, write, EV_ADD | EV_ONESHOT, 0),
                () -> answer(new FakeKevent(1, user, EV_ADD | EV_ONESHOT, NOTE_TRIGGER, 0, 0)),
                () -> apply(2, timer, EV_ADD | EV_ONESHOT, 0))) {
            try (Background<Outcome> wait = Background.start(() -> call(kq, List.of(), 1, -1))) {
                wait.awaitAsleep();
                change.run();
                assertThat(wait.result().events()).hasSize(1);
            }
        }
    }

    /// How long this thread has run: the first number of schedstat(5).
    private static long cpuNanos() throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ", 2)[0]);
    }

    @Test
    void aClosedNumberIsForgottenWithItsDuplicates() throws IOException {
        Link link = link(Link.Kind.SOCKET_PAIR);
        int copy = dup(link.reader().fileno());
        apply(copy, read, EV_ADD, 1);
        apply(copy, write, EV_ADD, 2);
        assertThat(single().filter()).isEqualTo(write);
        close(copy);
        link.write(1);
        assertThat(pending()).isEmpty();
        assertThat(answer(change(copy, read, EV_DELETE, 0))).isEqualTo(EBADF);
        long cpu = cpuNanos();
        assertThat(call(kq, List.of(), 1, 100 * MILLI).result()).isZero();
        assertThat(cpuNanos() - cpu).as("it does not spin").isLessThan(90 * MILLI);
    }

    @Test
    void aReusedNumberIsAnotherOne() throws IOException {
        Link one = link(Link.Kind.SOCKET_PAIR);
        Link two = link(Link.Kind.SOCKET_PAIR);
        int number = dup(one.reader().fileno());
        apply(number, read, EV_ADD, 1);
        Libc.dupOnto(two.reader().fileno(), number);
        one.write(1);
        assertThat(pending()).isEmpty();
        assertThat(answer(change(number, read, EV_DELETE, 0))).isEqualTo(ENOENT);
        apply(number, read, EV_ADD, 2);
        assertThat(pending()).isEmpty();
        two.write(1);
        assertThat(single().udata()).isEqualTo(2);
    }

    @Test
    void aRegularFileIsReadableBeforeItsEnd() throws IOException {
        try (FileFd file = FileFd.memfd("file")) {
            int fd = file.fileno();
            apply(fd, read, EV_ADD, 1);
            apply(fd, write, EV_ADD, 2);
            assertThat(single().filter()).isEqualTo(write);
            apply(fd, write, EV_DELETE, 0);
            file.write(ByteBuffer.allocate(10));
            assertThat(pending()).isEmpty();
            try (FileFd same = FileFd.open(Path.of("/proc/self/fd/" + fd), FileFd.O_WRONLY | FileFd.O_APPEND)) {
                same.write(ByteBuffer.allocate(5));
            }
            assertThat(single().data()).isEqualTo(5);
            int copy = dup(fd);
            apply(copy, read, EV_ADD, 3);
            assertThat(pending()).hasSize(2);
            close(copy);
            assertThat(single().udata()).isEqualTo(1);
        }
        assertThat(pending()).isEmpty();
    }

    @Test
    void aFileAtItsEndIsReadyWhereThatCanBeAsked() throws IOException {
        try (FileFd file = FileFd.memfd("file");
                FileFd directory = FileFd.open(Path.of("/"), FileFd.O_RDONLY)) {
            int poll = 2; // NOTE_FILE_POLL
            assertThat(answer(new FakeKevent(file.fileno(), read, EV_ADD, poll, 0, 1)))
                    .isZero();
            assertThat(pending()).hasSize(system == KqueueSystem.FREEBSD ? 1 : 0);
            apply(file.fileno(), read, EV_DELETE, 0);
            apply(directory.fileno(), read, EV_ADD, 4);
            assertThat(single().udata()).isEqualTo(4);
        }
    }

    @Test
    void aDuplicateIsTheSameKqueueAndAClosedOneIsGone() throws IOException {
        int copy = dup(kq);
        Link link = link(Link.Kind.PIPE);
        link.write(1);
        apply(link.reader().fileno(), read, EV_ADD, 0);
        assertThat(call(copy, List.of(), 1, 0).result()).isEqualTo(1);
        int other = libc.kqueue(new CallState());
        open.add(other);
        assertThat(call(other, List.of(), 1, 0).result()).isZero();
        Set<Integer> hidden = FakeKqueue.hiddenDescriptors();
        assertThat(hidden).isNotEmpty().doesNotContain(kq, other);
        close(other);
        assertThat(call(other, List.of(), 1, 0).result()).isEqualTo(-EBADF);
        for (int i = 0; i < 20; i++) {
            Libc.close(libc.kqueue(new CallState()));
        }
        assertThat(FakeKqueue.hiddenDescriptors()).hasSizeLessThanOrEqualTo(hidden.size() + 10);
    }

    @Test
    void aKqueueCanBeWaitedForItself() throws IOException {
        int outer = libc.kqueue(new CallState());
        open.add(outer);
        assertThat(call(outer, List.of(change(kq, read, EV_ADD, 3)), 1, 0).result())
                .isZero();
        Link link = link(Link.Kind.SOCKET_PAIR);
        apply(link.reader().fileno(), read, EV_ADD, 0);
        assertThat(call(outer, List.of(), 1, 0).result()).isZero();
        link.write(1);
        assertThat(call(outer, List.of(), 1, 0).events()).singleElement().matches(event -> event.udata() == 3);
        link.drain();
        assertThat(call(outer, List.of(), 1, 0).result()).isZero();
        apply(link.reader().fileno(), write, EV_ADD, 0);
        assertThat(call(outer, List.of(), 1, 0).result()).isEqualTo(1);
        apply(link.reader().fileno(), write, EV_DELETE, 0);
        apply(1, user, EV_ADD, 0);
        assertThat(call(outer, List.of(), 1, 0).result()).isZero();
        assertThat(answer(new FakeKevent(1, user, 0, NOTE_TRIGGER, 0, 0))).isZero();
        assertThat(call(outer, List.of(), 1, 0).result()).isEqualTo(1);
        FakeKevent toWrite = change(kq, write, EV_ADD | EV_RECEIPT, 3);
        assertThat(call(outer, List.of(toWrite), 1, 0).events().getFirst().data())
                .isEqualTo(EINVAL);
    }

    private @Nullable Integer except() {
        return abi.filters().entrySet().stream()
                .filter(entry -> entry.getValue() == FakeKqueueAbi.Filter.EXCEPT)
                .map(entry -> entry.getKey())
                .findFirst()
                .orElse(null);
    }

    @Test
    void outOfBandDataIsReportedWhereThereIsAFilter() throws Exception {
        Integer except = except();
        if (except == null) {
            assertThat(system).isIn(KqueueSystem.FREEBSD, KqueueSystem.NETBSD);
            return;
        }
        try (Source source = Source.Kind.OUT_OF_BAND.open()) {
            int fd = source.pollable().fileno();
            assertThat(answer(new FakeKevent(fd, except, EV_ADD, abi.oob(), 0, 1)))
                    .isZero();
            assertThat(pending()).isEmpty();
            source.fire();
            assertThat(call(kq, List.of(), 1, -1).events())
                    .singleElement()
                    .matches(event -> event.filter() == except && event.fflags() == abi.oob());
        }
    }
}
