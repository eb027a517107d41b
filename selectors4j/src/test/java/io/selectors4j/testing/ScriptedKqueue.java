package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Symbols;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Functions `kqueue` and `kevent` that return given results, one for each call, and record their arguments.
public final class ScriptedKqueue {

    /// A call of `kevent`.
    ///
    /// @param changes `nchanges`
    /// @param events `nevents`
    /// @param timeout nanoseconds; null for no timeout
    /// @param virtual whether the caller was a virtual thread
    public record Call(long changes, long events, @Nullable Long timeout, boolean virtual) {}

    private final Arena arena = Arena.ofAuto();
    private final KqueueSystem system;
    private final Queue<Integer> results = new ConcurrentLinkedQueue<>();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /// Creates the functions.
    ///
    /// @param system the system whose ABI they have
    /// @param results the results of the calls of `kevent`: a value, or `-errno`
    public ScriptedKqueue(KqueueSystem system, Integer... results) {
        this.system = system;
        this.results.addAll(List.of(results));
    }

    /// Returns the calls in their order.
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /// Returns the bindings linked with these functions.
    public KqueueLibc libc() {
        FunctionDescriptor type = KqueueLibc.keventType(system);
        boolean wide = system == KqueueSystem.NETBSD;
        Map<String, MemorySegment> functions = Map.of(
                "kqueue",
                stub("kqueue", FunctionDescriptor.of(JAVA_INT)),
                Symbols.of(system.os(), "kevent"),
                stub(wide ? "keventWide" : "kevent", type));
        SymbolLookup lookup = name -> Optional.ofNullable(functions.get(name));
        return new KqueueLibc(system, lookup);
    }

    @SuppressWarnings("restricted")
    private MemorySegment stub(String method, FunctionDescriptor type) {
        try {
            MethodHandle handle = MethodHandles.lookup().bind(this, method, type.toMethodType());
            return Linker.nativeLinker().upcallStub(handle, type, arena);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @SuppressWarnings("UnusedMethod") // an upcall
    private int kqueue() {
        return toResult(0);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // an upcall
    private int kevent(
            int kq, MemorySegment changelist, int changes, MemorySegment eventlist, int events, MemorySegment timeout) {
        return keventWide(kq, changelist, changes, eventlist, events, timeout);
    }

    @SuppressWarnings({"restricted", "UnusedVariable"}) // an upcall
    private int keventWide(
            int kq,
            MemorySegment changelist,
            long changes,
            MemorySegment eventlist,
            long events,
            MemorySegment timeout) {
        Long nanos = null;
        if (timeout.address() != 0) {
            MemorySegment timespec = timeout.reinterpret(16);
            nanos = timespec.get(JAVA_LONG, 0) * 1_000_000_000 + timespec.get(JAVA_LONG, 8);
        }
        calls.add(new Call(changes, events, nanos, Thread.currentThread().isVirtual()));
        Integer result = results.poll();
        return toResult(result == null ? -LinuxCalls.EFAULT : result);
    }

    private static int toResult(int result) {
        if (result >= 0) {
            return result;
        }
        LinuxCalls.setErrno(-result);
        return -1;
    }
}
