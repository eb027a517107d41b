package io.selectors4j.internal.ffi;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// A piece of native memory that a C function can be pointed at. With it the code above the bindings handles structs
/// without ever seeing a [MemorySegment].
///
/// All memory that outlives a call is freed by the garbage collector, some time after its owner became unreachable: no
/// thread can be left with a pointer to freed memory, whoever closes what while another is in a call.
public interface Memory {

    /// The memory.
    ///
    /// @return a native segment
    MemorySegment segment();

    /// The pointer to pass for an optional struct.
    ///
    /// @param memory the struct, or null for a null pointer
    /// @return its segment, or [MemorySegment#NULL]
    static MemorySegment pointer(@Nullable Memory memory) {
        return memory == null ? MemorySegment.NULL : memory.segment();
    }

    /// The pointer to pass for a struct where that is a number; see [Downcalls#linkAsLongs].
    ///
    /// @param memory the struct, or null for a null pointer; [#keepAlive] until the call has returned
    /// @return its address, or 0
    static long address(@Nullable Memory memory) {
        return memory == null ? 0 : memory.segment().address();
    }

    /// Keeps a struct whose [#address] was passed reachable, so that it is not freed before. Without `finally`, since an exception
    /// comes before the call; and with it, the virtual machine does not see any more that the call needs no objects.
    ///
    /// @param returned what the call has returned
    /// @param memory the struct
    /// @return `returned`
    @SuppressWarnings("ReachabilityFenceUsage")
    static int keepAlive(int returned, @Nullable Memory memory) {
        Reference.reachabilityFence(memory);
        return returned;
    }
}
