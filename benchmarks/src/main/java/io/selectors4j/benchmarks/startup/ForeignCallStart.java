package io.selectors4j.benchmarks.startup;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A program that calls one C function and captures `errno`: the lower bound for a library on the Foreign Function &
/// Memory API.
final class ForeignCallStart {

    private ForeignCallStart() {}

    @SuppressWarnings("restricted") // native access is the purpose
    public static void main(String[] args) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle dup = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("dup"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"));
        MemorySegment errno = Arena.global().allocate(Linker.Option.captureStateLayout());
        if ((int) dup.invokeExact(errno, 0) < 0) {
            throw new IllegalStateException("dup failed");
        }
    }
}
