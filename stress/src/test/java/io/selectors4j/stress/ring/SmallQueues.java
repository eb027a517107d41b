package io.selectors4j.stress.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/// The kernel of the system, which gets other arguments for `io_uring_setup`, and whose features are masked.
final class SmallQueues implements RingKernel, AutoCloseable {

    private final int entries;
    private final int missingFeatures;

    /// Creates a kernel, and installs it.
    ///
    /// @param entries the number of entries of each queue; 0 for what the library asks for
    /// @param missingFeatures IORING_FEAT_* flags that the kernel does not have
    SmallQueues(int entries, int missingFeatures) {
        this.entries = entries;
        this.missingFeatures = missingFeatures;
        RingCalls.install(this);
    }

    @Override
    public int entries(int requested, MemorySegment params) {
        if (entries == 0) {
            return requested;
        }
        params.set(JAVA_INT, 4, entries); // cq_entries
        return entries;
    }

    @Override
    public void created(MemorySegment params) {
        params.set(JAVA_INT, 20, params.get(JAVA_INT, 20) & ~missingFeatures);
    }

    @Override
    public void close() {
        RingCalls.install(null);
    }
}
