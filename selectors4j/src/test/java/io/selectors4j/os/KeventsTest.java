package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/// Tests of [Kevents].
class KeventsTest extends KqueueFixture {

    private final Kevents memory;

    KeventsTest(KqueueSystem system) {
        super(system);
        memory = new Kevents(system, 3);
    }

    @Test
    void addedAndSetChanges_areKept() {
        assertThat(memory.capacity()).isEqualTo(3);
        assertThat(memory.size()).isZero();
        Kevent first = new Kevent(-1, 5, 0x8001, 0xFFFF_FFFEL, Long.MIN_VALUE, -2);
        memory.add(first);
        memory.add(1, 2, 3, 4, 5, 6);
        assertThat(memory.size()).isEqualTo(2);
        assertThat(memory.get(0)).isEqualTo(first);
        assertThat(memory.get(1)).isEqualTo(new Kevent(1, 2, 3, 4, 5, 6));
        memory.set(0, 6, 5, 4, 3, 2, 1);
        memory.set(1, first);
        assertThat(memory.get(0)).isEqualTo(new Kevent(6, 5, 4, 3, 2, 1));
        assertThat(memory.ident(1)).isEqualTo(-1);
        assertThat(memory.filter(1)).isEqualTo(5);
        assertThat(memory.flags(1)).isEqualTo(0x8001);
        assertThat(memory.fflags(1)).isEqualTo(0xFFFF_FFFEL);
        assertThat(memory.data(1)).isEqualTo(Long.MIN_VALUE);
        assertThat(memory.udata(1)).isEqualTo(-2);
        memory.clear();
        assertThat(memory.size()).isZero();
    }

    /// Found by fuzzing: on NetBSD, whose flags have 32 bits, reading the event threw as an invalid change does.
    @Test
    void eventWithAnyFlags_canBeRead() {
        memory.add(1, 2, 3, 4, 5, 6);
        // ident, then filter and flags: 16 bits each, or 32 bits each
        if (memory.array().segment().byteSize() == 3 * 40) {
            memory.array().segment().set(ValueLayout.JAVA_INT, 12, -1);
        } else {
            memory.array().segment().set(ValueLayout.JAVA_SHORT, 10, (short) -1);
        }
        assertThat(memory.get(0)).isEqualTo(new Kevent(1, 2, 0xFFFF, 4, 5, 6));
        assertThat(memory.flags(0)).isEqualTo(0xFFFF);
    }

    @Test
    void indexOutOfRangeOrFullMemory_isRejected() {
        Kevent change = new Kevent(1);
        memory.add(change);
        List<IntConsumer> uses = List.of(
                memory::get,
                memory::ident,
                memory::filter,
                memory::flags,
                memory::fflags,
                memory::data,
                memory::udata,
                index -> memory.set(index, change),
                index -> memory.set(index, 1, 1, 1, 1, 1, 1));
        for (IntConsumer use : uses) {
            for (int index : new int[] {-1, 1, 3, Integer.MAX_VALUE}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> use.accept(index));
            }
        }
        memory.add(change);
        memory.add(change);
        assertThatIllegalStateException().isThrownBy(() -> memory.add(change));
        assertThatIllegalStateException().isThrownBy(() -> memory.add(1, 1, 1, 1, 1, 1));
        assertThat(memory.size()).isEqualTo(3);
    }

    @Test
    void invalidField_isRejected() {
        memory.add(1, 1, 1, 1, 1, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> memory.add(1, 32_768, 1, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.set(0, 1, 1, -1, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.add(1, 1, 1, -1, 1, 1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> memory.add(1, 1, Kqueue.EV_VANISHED, 1, 1, 1))
                .withMessageStartingWith("EV_VANISHED: macOS has it");
        assertThat(memory.size()).isOne();
        assertThat(memory.get(0)).isEqualTo(new Kevent(1, 1, 1, 1, 1, 1));
    }

    @Test
    void control_keepsChangesAndReplacesEvents() throws Exception {
        Kevents changes = new Kevents(system, 2);
        changes.add(write(a, "EV_ADD").withUdata(5));
        memory.add(1, 1, 1, 1, 1, 1);
        assertThat(kqueue.control(changes, memory, LONG)).isOne();
        assertThat(memory.size()).isOne();
        assertThat(memory.ident(0)).isEqualTo(a.fileno());
        assertThat(memory.udata(0)).isEqualTo(5);
        assertThat(changes.size()).isOne();
        assertThat(changes.flags(0)).isEqualTo(n("EV_ADD"));
        changes.set(0, write(a, "EV_DELETE"));
        assertThat(kqueue.control(changes, memory, NOW)).isZero();
        assertThat(memory.size()).isZero();
    }

    @Test
    void eventsBeyondCapacity_areReturnedByNextCall() throws Exception {
        for (int i = 0; i < 5; i++) {
            change(user(i, "EV_ADD", "EV_CLEAR"), trigger(i));
        }
        assertThat(kqueue.control(null, memory, LONG)).isEqualTo(3);
        assertThat(kqueue.control(null, memory, LONG)).isEqualTo(2);
        assertThat(memory.size()).isEqualTo(2);
        assertThat(kqueue.control(null, memory, NOW)).isZero();
    }

    @Test
    void changesAlone_needNoEventMemory() throws Exception {
        memory.add(write(a, "EV_ADD"));
        memory.add(write(b, "EV_ADD"));
        assertThat(kqueue.control(memory, null, null)).isZero();
        assertThat(memory.size()).isEqualTo(2);
        assertThat(pending()).hasSize(2);
    }

    @Test
    void receipts_mayReplaceChanges() throws Exception {
        memory.add(write(a, "EV_ADD", "EV_RECEIPT"));
        memory.add(read(b, "EV_DELETE", "EV_RECEIPT"));
        assertThat(kqueue.control(memory, memory, null)).isEqualTo(2);
        assertThat(memory.size()).isEqualTo(2);
        assertThat(memory.data(0)).isZero();
        assertThat(memory.data(1)).isEqualTo(Errno.ENOENT);
        assertThat(memory.get(1).has(n("EV_ERROR"))).isTrue();
        assertThat(pending()).hasSize(1);
    }

    @Test
    void failedChangeWithoutRoom_throws() {
        memory.add(write(a, "EV_DELETE"));
        assertErrno("ENOENT", () -> kqueue.control(memory, null, NOW));
        assertThat(memory.size()).isOne();
    }

    @Test
    void failedWait_clearsEventMemory() throws Exception {
        change(write(a, "EV_ADD"));
        assertThat(kqueue.control(null, memory, LONG)).isOne();
        kqueue.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> kqueue.control(null, memory, NOW));
        assertThat(memory.size()).isZero();
    }
}
