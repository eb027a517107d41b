package io.selectors4j.nio;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import java.nio.channels.SelectionKey;

/// A channel of this provider: what [FdSelector] needs of it.
interface SelectableFd {

    /// Bits of the operations that a read makes progress with.
    int READS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;

    /// Bits of the operations that a write makes progress with.
    int WRITES = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    /// Returns the object that the library's selector registers.
    Pollable pollable();

    /// Returns what to wait for.
    ///
    /// @param ops bits of the operations of interest
    default Interest interest(int ops) {
        Interest reads = (ops & READS) != 0 ? Interest.READ : Interest.NONE;
        return (ops & WRITES) != 0 ? reads.or(Interest.WRITE) : reads;
    }

    /// Returns the operations that are ready. An error or a hang-up makes all of them ready.
    ///
    /// @param ops bits of the operations of interest
    default int readyOps(Readiness readiness, int ops) {
        return ops & ((readiness.isReadable() ? READS : 0) | (readiness.isWritable() ? WRITES : 0));
    }
}
