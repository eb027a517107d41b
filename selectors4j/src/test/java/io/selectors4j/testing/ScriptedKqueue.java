package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.bsd.KeventLayout;
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

/// Simulated functions `kqueue` and `kevent`. Each call of `kevent` plays the next step of a script and is recorded.
public final class ScriptedKqueue {

    /// A call of `kevent`.
    ///
    /// @param changes `nchanges`
    /// @param events `nevents`
    /// @param timeout nanoseconds; null for no end
    /// @param virtual whether a virtual thread made it
    public record Call(long changes, long events, @Nullable Long timeout, boolean virtual) {}

    private final Arena arena = Arena.ofAuto();
    private final KqueueSystem system;
    private final Queue<Step> script = new ConcurrentLinkedQueue<>();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /// One step of the script.
    ///
    /// @param returned the value that `kevent` returns, -1 for a failure
    /// @param errno the errno of a failure
    /// @param flags `flags` of the events that `kevent` writes, in addition to those of the changes
    /// @param data `data` of the events that `kevent` writes
    private record Step(int returned, int errno, int flags, List<Integer> data) {

        static Step failure(int errno) {
            return new Step(-1, errno, 0, List.of());
        }
    }

    /// Creates the functions.
    ///
    /// @param system the system whose ABI they have
    /// @param results the results of the calls of `kevent`: a value, or `-errno`
    public ScriptedKqueue(KqueueSystem system, Integer... results) {
        this.system = system;
        for (int result : results) {
            script.add(result >= 0 ? new Step(result, 0, 0, List.of()) : Step.failure(-result));
        }
    }

    /// Appends a call that writes one receipt for each change, with an errno or 0 in `data`. Kernels set EV_ERROR in a
    /// receipt and return the number of receipts. libkqueue before 2.5.0, which this class simulates for
    /// [KqueueSystem#LIBKQUEUE], does neither.
    public void addReceipts(Integer... errnos) {
        boolean libkqueue = system.isLibkqueue();
        script.add(
                new Step(libkqueue ? 0 : errnos.length, 0, libkqueue ? 0 : SimulatedKevent.EV_ERROR, List.of(errnos)));
    }

    /// Appends a call that ignores EV_RECEIPT and returns one event with the given `data`.
    public void addEvent(int data) {
        script.add(new Step(1, 0, 0, List.of(data)));
    }

    /// Appends a call that returns -1 and leaves errno 0, as libkqueue before 2.5.0 does for a repeated EV_ADD.
    public void addFailureWithoutErrno() {
        script.add(Step.failure(0));
    }

    /// Returns the calls of `kevent`, in their order.
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /// Links the functions.
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
        return 0;
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
        Step next = script.poll();
        Step step = next == null ? Step.failure(LinuxCalls.EFAULT) : next;
        KeventLayout layout = system.layout();
        long size = layout.layout().byteSize();
        MemorySegment written = eventlist.reinterpret(step.data().size() * size);
        MemorySegment.copy(changelist.reinterpret(written.byteSize()), 0, written, 0, written.byteSize());
        for (int i = 0; i < step.data().size(); i++) {
            long flags = i * size + layout.offset("flags");
            written.set(JAVA_SHORT, flags, (short) (written.get(JAVA_SHORT, flags) | step.flags()));
            written.set(JAVA_LONG, i * size + layout.offset("data"), step.data().get(i));
        }
        if (step.returned() < 0) {
            LinuxCalls.setErrno(step.errno());
        }
        return step.returned();
    }
}
