package io.selectors4j.testing;

import io.selectors4j.testing.SimulatedKqueueAbi.Filter;
import org.jspecify.annotations.Nullable;

/// What a kqueue keeps of one ident and filter.
final class SimulatedKnote {

    /// What knotes are found by: there is one for each.
    ///
    /// @param ident what it is about
    /// @param filter the filter
    record Id(long ident, Filter filter) {}

    final Id id;
    final int number;

    /// What stands for it in the epoll sets.
    final long token;

    /// The flags it was added with, which no later change changes.
    final int flags;

    /// The open file behind it; null for a filter without.
    final @Nullable SimulatedFile file;

    /// Whether the file is one that cannot be polled.
    final boolean unpollable;

    int notes;
    long data;
    long udata;
    boolean disabled;

    /// Whether it is watched edge-triggered for once, since Linux says that it is ready and a BSD does not.
    boolean edge;

    /// For one-shot: what it was ready for when it was added.
    SimulatedFile.@Nullable Found queued;

    /// For a user event: whether it is triggered.
    boolean triggered;

    /// For a timer: when it expires next, how many nanoseconds later again, and how often it has expired.
    long expires;

    long period;
    long expirations;

    SimulatedKnote(Id id, SimulatedKevent change, long token, @Nullable SimulatedFile file, boolean unpollable) {
        this.id = id;
        this.token = token;
        this.file = file;
        this.unpollable = unpollable;
        number = change.filter();
        flags = change.flags() & SimulatedKevent.KNOTE_FLAGS;
    }

    int fd() {
        return (int) id.ident();
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean isPollable() {
        return file != null && !unpollable;
    }
}
