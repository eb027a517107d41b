package io.selectors4j.stress.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Symbols;
import io.selectors4j.internal.sys.KqueueInstance;
import io.selectors4j.testing.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Optional;

/// The functions `kqueue` and `kevent` of one system with random events and receipts. Their number is valid: a kernel
/// that returned more events than fit would already have written them.
final class RandomKqueue {

    // sys/event.h: the same everywhere
    private static final int EV_ERROR = 0x4000;

    private final KqueueSystem system;
    private final int size;
    private final Arena arena = Arena.ofAuto();
    private final KqueueLibc libc;
    private final KqueueInstance closed;

    /// The descriptor that each kqueue duplicates.
    private final int original;

    private Input input = new Input(new byte[0]);

    /// Whether receipts are random too.
    private boolean randomReceipts;

    /// Creates the functions.
    ///
    /// @param original a descriptor
    RandomKqueue(KqueueSystem system, int original) {
        this.system = system;
        this.original = original;
        size = (int) system.layout().layout().byteSize();
        boolean wide = system == KqueueSystem.NETBSD;
        Map<String, MemorySegment> functions = Map.of(
                "kqueue",
                stub("kqueue", FunctionDescriptor.of(JAVA_INT)),
                Symbols.of(system.os(), "kevent"),
                stub(wide ? "keventWide" : "kevent", KqueueLibc.keventType(system)));
        libc = new KqueueLibc(system, name -> Optional.ofNullable(functions.get(name)));
        closed = new KqueueInstance(libc, Libc.NEVER_OPEN);
    }

    @SuppressWarnings("restricted")
    private MemorySegment stub(String method, FunctionDescriptor type) {
        try {
            MethodHandle handle = MethodHandles.lookup().bind(this, method, type.toMethodType());
            return Linker.nativeLinker().upcallStub(handle, type, arena);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method, e);
        }
    }

    KqueueSystem system() {
        return system;
    }

    /// Returns a kqueue that is not open.
    KqueueInstance closed() {
        return closed;
    }

    KqueueLibc libc() {
        return libc;
    }

    /// Takes the following events from an input, until its end.
    void useInput(Input newInput, boolean alsoReceipts) {
        input = newInput;
        randomReceipts = alsoReceipts;
    }

    @SuppressWarnings("UnusedMethod") // an upcall
    private int kqueue() {
        return Libc.dup(original);
    }

    @SuppressWarnings("UnusedMethod") // an upcall
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
        MemorySegment list = eventlist.reinterpret(events * size);
        if (changes > 0) {
            return (int) receipts(changelist.reinterpret(changes * size), Math.min(changes, events), list);
        }
        int count = (int) Math.min(input.small() % 4, events);
        for (int i = 0; i < count; i++) {
            list.asSlice((long) i * size, size).copyFrom(next());
        }
        return count;
    }

    private long receipts(MemorySegment changes, long count, MemorySegment events) {
        for (long at = 0; at < count * size; at += size) {
            MemorySegment event = events.asSlice(at, size);
            if (randomReceipts && input.flag()) {
                event.copyFrom(next());
            } else {
                event.copyFrom(changes.asSlice(at, size));
                boolean wide = system.layout().width("flags") == Integer.BYTES;
                event.set(JAVA_SHORT, wide ? 12 : 10, (short) EV_ERROR);
            }
        }
        return count;
    }

    private MemorySegment next() {
        MemorySegment event = arena.allocate(size);
        byte[] bytes = input.take(size);
        MemorySegment.copy(bytes, 0, event, JAVA_BYTE, 0, bytes.length);
        if (system == KqueueSystem.NETBSD) {
            event.set(JAVA_INT, 8, event.get(JAVA_INT, 8) & Short.MAX_VALUE); // kernels return only valid filters
        }
        return event;
    }
}
