package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.PollFds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compares [PollFds] with a list, for any added, changed and removed entries and any bits from the kernel.
final class PollFdsModel {

    // struct pollfd { int fd; short events; short revents; }; and on Windows { SOCKET fd; SHORT events; SHORT revents;
    // };
    private static final int SIZE = Platform.IS_WINDOWS ? 16 : 8;
    private static final int EVENTS = SIZE / 2;
    private static final int REVENTS = EVENTS + 2;

    /// Flags of Linux, and those of Windows that stand for them in `events`: POLLIN, POLLOUT, POLLRDNORM, POLLRDBAND,
    /// POLLWRNORM.
    private static final Map<Integer, Integer> WINDOWS_EVENTS =
            Map.of(0x1, 0x100, 0x4, 0x10, 0x40, 0x100, 0x80, 0x200, 0x100, 0x10);

    /// Flags of Windows, and those of Linux that stand for them in `revents`: POLLERR, POLLHUP, POLLNVAL, POLLWRNORM,
    /// POLLWRBAND, POLLRDNORM, POLLRDBAND, POLLPRI.
    private static final Map<Integer, Integer> WINDOWS_REVENTS =
            Map.of(0x1, 0x8, 0x2, 0x10, 0x4, 0x20, 0x10, 0x4, 0x20, 0x200, 0x100, 0x1, 0x200, 0x80, 0x400, 0x2);

    /// An entry.
    private static final class Entry {
        private final int fd;
        private int events;
        private int revents;

        Entry(int fd, int events) {
            this.fd = fd;
            this.events = events;
        }
    }

    private PollFdsModel() {}

    static void check(Input input) {
        PollFds fds = new PollFds();
        List<Entry> entries = new ArrayList<>();
        while (input.hasMore()) {
            int index = entries.isEmpty() ? 0 : input.below(entries.size());
            switch (input.below(4)) {
                case 0 -> {
                    Entry entry = new Entry(input.number(), input.number() & 0xFFFF);
                    assertThat(fds.add(entry.fd, entry.events)).isEqualTo(entries.size());
                    entries.add(entry);
                    // The memory may hold an earlier result.
                    write(fds, entries.size() - 1, 0);
                }
                case 1 -> {
                    if (!entries.isEmpty()) {
                        fds.remove(index);
                        Entry last = entries.removeLast();
                        if (index < entries.size()) {
                            entries.set(index, last);
                        }
                    }
                }
                case 2 -> {
                    if (!entries.isEmpty()) {
                        entries.get(index).events = input.number() & 0xFFFF;
                        fds.setEvents(index, entries.get(index).events);
                    }
                }
                default -> {
                    if (!entries.isEmpty()) {
                        entries.get(index).revents = input.number() & 0xFFFF;
                        write(fds, index, entries.get(index).revents);
                    }
                }
            }
        }
        PollFds copy = new PollFds();
        copy.copyFrom(fds);
        requireSame(fds, entries);
        requireSame(copy, entries);
    }

    private static void write(PollFds fds, int index, int revents) {
        fds.segment().set(ValueLayout.JAVA_SHORT, (long) index * SIZE + REVENTS, (short) revents);
    }

    /// Returns the flags that stand for others on Windows, and the same flags elsewhere.
    private static int converted(Map<Integer, Integer> onWindows, int flags) {
        if (!Platform.IS_WINDOWS) {
            return flags;
        }
        int result = 0;
        for (Map.Entry<Integer, Integer> flag : onWindows.entrySet()) {
            result |= (flags & flag.getKey()) == 0 ? 0 : flag.getValue();
        }
        return result;
    }

    private static void requireSame(PollFds fds, List<Entry> entries) {
        assertThat(fds.size()).isEqualTo(entries.size());
        MemorySegment memory = fds.segment();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            assertThat(fds.fd(i)).isEqualTo(entry.fd);
            assertThat(fds.revents(i)).isEqualTo(converted(WINDOWS_REVENTS, entry.revents));
            assertThat(memory.get(ValueLayout.JAVA_INT, (long) i * SIZE)).isEqualTo(entry.fd);
            assertThat(memory.get(ValueLayout.JAVA_SHORT, (long) i * SIZE + EVENTS) & 0xFFFF)
                    .isEqualTo(converted(WINDOWS_EVENTS, entry.events));
        }
    }
}
