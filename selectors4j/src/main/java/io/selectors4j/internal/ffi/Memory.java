package io.selectors4j.internal.ffi;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// A piece of native memory that is passed to C functions. The code above the bindings handles structs through it and
/// never sees a [MemorySegment].
///
/// The garbage collector frees all memory that outlives a call, some time after its owner became unreachable. So no
/// thread can hold a pointer to freed memory, even if another thread closes the owner during a call.
public interface Memory {

    /// Returns the native segment.
    MemorySegment segment();

    /// Returns the segment of an optional struct, or [MemorySegment#NULL] for null.
    static MemorySegment pointer(@Nullable Memory memory) {
        return memory == null ? MemorySegment.NULL : memory.segment();
    }

    /// Returns the address of an optional struct, or 0 for null; for [Downcalls#linkAsLongs]. The caller passes the
    /// struct to [#keepAlive] after the call.
    static long address(@Nullable Memory memory) {
        return memory == null ? 0 : memory.segment().address();
    }

    /// Returns its first argument, and keeps the struct whose [#address] was passed reachable until then. Not in a
    /// `finally` block: an exception can only occur before the call, and `finally` keeps the JIT compiler from
    /// eliminating allocations.
    @SuppressWarnings("ReachabilityFenceUsage")
    static int keepAlive(int returned, @Nullable Memory memory) {
        Reference.reachabilityFence(memory);
        return returned;
    }

    /// As [#keepAlive(int, Memory)], for a function that returns a `long`.
    @SuppressWarnings("ReachabilityFenceUsage")
    static long keepAlive(long returned, @Nullable Memory memory) {
        Reference.reachabilityFence(memory);
        return returned;
    }

    /// As [#keepAlive(int, Memory)], for two structs.
    @SuppressWarnings("ReachabilityFenceUsage")
    static int keepAlive(int returned, @Nullable Memory first, @Nullable Memory second) {
        Reference.reachabilityFence(first);
        Reference.reachabilityFence(second);
        return returned;
    }
}
