package io.selectors4j.internal.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Layouts;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The structs of Windows on 64-bit architectures, with literal sizes and offsets.
class WindowsLayoutsTest {

    private static void assertLayout(GroupLayout layout, long size, Object... offsets) {
        assertThat(layout.byteSize()).isEqualTo(size);
        for (int i = 0; i < offsets.length; i += 2) {
            assertThat(Layouts.offset(layout, (String) offsets[i]))
                    .as("%s", offsets[i])
                    .isEqualTo((int) offsets[i + 1]);
        }
    }

    @Test
    void structs_haveTheLayoutOfTheSdk() {
        assertLayout(
                ObjectAttributes.LAYOUT,
                48,
                "Length",
                0,
                "RootDirectory",
                8,
                "ObjectName",
                16,
                "Attributes",
                24,
                "SecurityDescriptor",
                32,
                "SecurityQualityOfService",
                40);
        assertLayout(ObjectAttributes.UNICODE_STRING, 16, "Length", 0, "MaximumLength", 2, "Buffer", 8);
        assertLayout(AfdPolls.IO_STATUS_BLOCK, 16, "Status", 0, "Information", 8);
        assertLayout(AfdPolls.AFD_POLL_INFO, 32, "Timeout", 0, "NumberOfHandles", 8, "Exclusive", 12, "Handles", 16);
        assertLayout(AfdPolls.AFD_POLL_HANDLE_INFO, 16, "Handle", 0, "Events", 8, "Status", 12);
        assertLayout(
                OverlappedEntries.LAYOUT,
                32,
                "lpCompletionKey",
                0,
                "lpOverlapped",
                8,
                "Internal",
                16,
                "dwNumberOfBytesTransferred",
                24);
    }

    @Test
    @SuppressWarnings("restricted")
    void objectAttributes_referToTheName() {
        MemorySegment segment = new ObjectAttributes("\\Device\\Ä").segment();
        assertThat(segment.get(JAVA_INT, 0)).isEqualTo(48);
        assertThat(segment.get(JAVA_LONG, 8)).isZero();
        assertThat(segment.get(JAVA_LONG, 24)).isZero();
        MemorySegment string =
                MemorySegment.ofAddress(segment.get(JAVA_LONG, 16)).reinterpret(16);
        assertThat(string.get(JAVA_SHORT, 0)).isEqualTo((short) 18);
        assertThat(string.get(JAVA_SHORT, 2)).isEqualTo((short) 18);
        byte[] name = MemorySegment.ofAddress(string.get(JAVA_LONG, 8))
                .reinterpret(18)
                .toArray(ValueLayout.JAVA_BYTE);
        assertThat(new String(name, StandardCharsets.UTF_16LE)).isEqualTo("\\Device\\Ä");
    }

    @Test
    void polls_haveMemoryOfTheirOwn() {
        AfdPolls polls = new AfdPolls(3, 11);
        polls.set(1, 0x1122334455667788L, 0x1B5);
        MemorySegment segment = polls.segment();
        assertThat(segment.byteSize()).isEqualTo(3 * 48);
        assertThat(segment.asSlice(0, 48).mismatch(MemorySegment.ofArray(new byte[48])))
                .isEqualTo(-1);
        assertThat(segment.get(JAVA_INT, 48)).isEqualTo(0x103);
        assertThat(segment.get(JAVA_LONG, 56)).isZero();
        assertThat(segment.get(JAVA_LONG, 64)).isEqualTo(Long.MAX_VALUE);
        assertThat(segment.get(JAVA_INT, 72)).isOne();
        assertThat(segment.get(JAVA_INT, 76)).isZero();
        assertThat(segment.get(JAVA_LONG, 80)).isEqualTo(0x1122334455667788L);
        assertThat(segment.get(JAVA_INT, 88)).isEqualTo(0x1B5);
        assertThat(segment.get(JAVA_INT, 92)).isZero();
        assertThat(polls.statusBlock(1).address()).isEqualTo(segment.address() + 48);
        assertThat(polls.info(1).address()).isEqualTo(segment.address() + 64);
        assertThat(polls.info(1).byteSize()).isEqualTo(32);
        assertThat(polls.context(2).address()).isEqualTo(13);

        segment.set(JAVA_INT, 48, 0xC0000120);
        segment.set(JAVA_INT, 88, 4);
        assertThat(polls.status(1)).isEqualTo(0xC0000120);
        assertThat(polls.events(1)).isEqualTo(4);
        segment.set(JAVA_INT, 72, 0);
        assertThat(polls.events(1)).isZero();
    }

    @Test
    void entries_areFollowedByTheirCount() {
        OverlappedEntries entries = new OverlappedEntries(2);
        MemorySegment segment = entries.segment();
        segment.set(JAVA_LONG, 32, 5);
        segment.set(JAVA_LONG, 40, 6);
        segment.set(JAVA_INT, 64, 2);
        assertThat(entries.capacity()).isEqualTo(2);
        assertThat(entries.key(1)).isEqualTo(5);
        assertThat(entries.overlapped(1)).isEqualTo(6);
        assertThat(entries.count()).isEqualTo(2);
        assertThat(entries.removed().address()).isEqualTo(segment.address() + 64);
    }
}
