package io.selectors4j.testing;

import io.selectors4j.testing.SimulatedKqueueAbi.Filter;
import org.jspecify.annotations.Nullable;

/// The registration of one ident and filter with a kqueue.
final class SimulatedKnote {

    /// The key of a knote in its kqueue.
    ///
    /// @param ident the identifier
    /// @param filter the filter
    record Id(long ident, Filter filter) {}

    final Id id;
    final int number;

    /// The user data of its entries in the epoll instances.
    final long token;

    /// The flags that it was added with. Later changes do not affect them.
    final int flags;

    /// The open file; null if the filter has none.
    final @Nullable SimulatedFile file;

    /// Whether epoll refuses the file.
    final boolean unpollable;

    int notes;
    long data;
    long udata;
    boolean disabled;

    /// Whether the entry is edge-triggered until the next event, because Linux reports it as ready and a BSD does not.
    boolean edge;

    /// The result of the filter when a one-shot knote was added.
    SimulatedFile.@Nullable Found queued;

    /// Whether a user event is triggered.
    boolean triggered;

    /// The next expiration, the period in nanoseconds and the number of expirations of a timer.
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
