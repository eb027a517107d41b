package io.selectors4j.internal.ffi;

import io.selectors4j.stress.faults.FaultInjector;
import io.selectors4j.stress.misuse.InjectionPoints;
import io.selectors4j.stress.ring.RingCalls;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Shadows the library's class of the same name. Its handles of C functions fail on request of [FaultInjector], and run
/// an action first on request of [InjectionPoints]. [RingCalls] can simulate the calls of io_uring.
final class Handles {

    private Handles() {}

    @SuppressWarnings("restricted")
    static MethodHandle make(String name, MemorySegment address, FunctionDescriptor type, Linker.Option... options) {
        MethodHandle handle = Downcalls.LINKER.downcallHandle(address, type, options);
        return FaultInjector.around(name, InjectionPoints.around(name, RingCalls.around(name, handle)));
    }
}
