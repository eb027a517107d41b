package io.selectors4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Expected values are those of a C compiler, checked on every host.
class InotifyBufferTest {

    @Test
    void layout_isThatOfACompiler() {
        assertThat(InotifyBuffer.LAYOUT.byteSize()).isEqualTo(16);
        assertThat(InotifyBuffer.LAYOUT.byteAlignment()).isEqualTo(4);
        assertThat(offset("wd")).isEqualTo(0);
        assertThat(offset("mask")).isEqualTo(4);
        assertThat(offset("cookie")).isEqualTo(8);
        assertThat(offset("len")).isEqualTo(12);
        assertThat(InotifyBuffer.LARGEST).isEqualTo(272);
    }

    private static long offset(String field) {
        return InotifyBuffer.LAYOUT.byteOffset(PathElement.groupElement(field));
    }

    @Test
    void events_followEachOther() {
        InotifyBuffer buffer = new InotifyBuffer(100);
        assertThat(buffer.capacity()).isEqualTo(100);
        put(buffer.segment(), 0, 7, 0x4000_0100, 0, "grüße", 16);
        put(buffer.segment(), 32, -1, 0x4000, 0, "", 0);
        put(buffer.segment(), 48, 8, 0x80, -5, "0123456789abcde", 16);

        assertThat(buffer.wd(0)).isEqualTo(7);
        assertThat(buffer.mask(0)).isEqualTo(LinuxInotify.IN_CREATE | LinuxInotify.IN_ISDIR);
        assertThat(buffer.cookie(0)).isZero();
        assertThat(buffer.name(0)).isEqualTo("grüße".getBytes(StandardCharsets.UTF_8));
        assertThat(buffer.next(0)).isEqualTo(32);

        assertThat(buffer.wd(32)).isEqualTo(-1);
        assertThat(buffer.mask(32)).isEqualTo(LinuxInotify.IN_Q_OVERFLOW);
        assertThat(buffer.name(32)).isEmpty();
        assertThat(buffer.next(32)).isEqualTo(48);

        assertThat(buffer.cookie(48)).isEqualTo(-5);
        assertThat(buffer.name(48)).asString(StandardCharsets.UTF_8).isEqualTo("0123456789abcde");
        assertThat(buffer.next(48)).isEqualTo(80);
    }

    @Test
    void nameWithoutZeroByte_endsAtItsLength() {
        InotifyBuffer buffer = new InotifyBuffer(300);
        put(buffer.segment(), 0, 1, 1, 0, "x".repeat(16), 16);
        put(buffer.segment(), 32, 2, 2, 0, "y", 16);
        assertThat(buffer.name(0)).hasSize(16);
        assertThat(buffer.name(32)).hasSize(1);
    }

    @Test
    void tornEvent_isDetected() {
        InotifyBuffer buffer = new InotifyBuffer(80);
        put(buffer.segment(), 0, 1, 1, 0, "name", 16);
        put(buffer.segment(), 32, 2, 2, 0, "", 0);
        put(buffer.segment(), 48, 3, 3, 0, "x", 16);
        assertThat(buffer.holdsEvents(80)).isTrue();
        assertThat(buffer.holdsEvents(48)).isTrue();
        assertThat(buffer.holdsEvents(0)).isTrue();
        assertThat(buffer.holdsEvents(-11)).isTrue(); // EAGAIN
        assertThat(buffer.holdsEvents(79)).isFalse();
        assertThat(buffer.holdsEvents(63)).isFalse();
        assertThat(buffer.holdsEvents(31)).isFalse();
        put(buffer.segment(), 48, 3, 3, 0, "x", -16);
        assertThat(buffer.holdsEvents(80)).isFalse();
        put(buffer.segment(), 48, 3, 3, 0, "x", 14); // misaligned: no event can follow
        assertThat(buffer.holdsEvents(80)).isFalse();
    }

    private static void put(MemorySegment segment, int at, int wd, int mask, int cookie, String name, int len) {
        segment.set(ValueLayout.JAVA_INT, at, wd);
        segment.set(ValueLayout.JAVA_INT, at + 4, mask);
        segment.set(ValueLayout.JAVA_INT, at + 8, cookie);
        segment.set(ValueLayout.JAVA_INT, at + 12, len);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, at + 16, bytes.length);
    }
}
