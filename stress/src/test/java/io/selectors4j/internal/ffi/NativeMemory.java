package io.selectors4j.internal.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// In place of the library's own class: memory that ends where a page begins that nobody may touch, with another such page before
/// it. The virtual machine itself checks what Java reads and writes; this is for what the kernel and the C library do with a pointer:
/// the kernel answers EFAULT, the C library dies of it.
///
/// What is freed is gone from the address space, so a call with an old pointer ends in the same way.
public final class NativeMemory {

    private static final long PAGE = 4096;
    private static final byte FILLING = (byte) 0xA5;

    // asm-generic/mman-common.h, linux/mman.h
    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final MethodHandle MMAP =
            link("mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MPROTECT =
            link("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle MUNMAP = link("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private static final MethodHandle USLEEP = link("usleep", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    /// The kernel allows a process some 65,000 mappings (vm.max_map_count), of which a piece takes up to three.
    private static final long MANY = 8_000;

    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final int MOMENT_MICROS = 100;

    /// After so many, what has become unreachable meanwhile is looked for.
    private static final int MOMENTS = 1_000;

    private static final AtomicLong ALLOCATED = new AtomicLong();
    private static final AtomicLong ALIVE = new AtomicLong();

    /// With so many alive, it is time to look which of them nobody can reach any more.
    private static final AtomicLong TOO_MANY = new AtomicLong(MANY);

    private static final AtomicBoolean MAKING_ROOM = new AtomicBoolean();

    private NativeMemory() {}

    /// How many pieces have been allocated.
    public static long allocated() {
        return ALLOCATED.get();
    }

    /// How many of them have not been freed.
    public static long alive() {
        return ALIVE.get();
    }

    /// Allocates memory, which is zero, and whose last byte is the last one of a page, as far as its alignment allows.
    public static MemorySegment allocate(long size, long alignment) {
        long room = (Math.max(size, 1) + PAGE - 1) / PAGE * PAGE;
        long length = room + 2 * PAGE;
        MemorySegment mapped = map(length);
        protect(mapped.asSlice(PAGE, room));
        mapped.asSlice(PAGE, room - size).fill(FILLING);
        long start = (PAGE + room - size) / alignment * alignment;
        MemorySegment piece = mapped.asSlice(start, size).fill((byte) 0);
        ALLOCATED.incrementAndGet();
        if (ALIVE.incrementAndGet() >= TOO_MANY.get()) {
            makeRoom();
        }
        return reinterpret(piece.address(), size, mapped.address(), start, length);
    }

    public static MemorySegment allocate(MemoryLayout layout) {
        return allocate(layout.byteSize(), layout.byteAlignment());
    }

    public static ByteBuffer buffer(int size) {
        return allocate(size, 1).asByteBuffer();
    }

    /// Has what is free already unmapped, and waits for that, as all others who need memory then: many threads that allocate are faster
    /// than the one that unmaps, and the kernel would refuse the virtual machine memory as well.
    ///
    /// No lock, and no park: a virtual thread that waits in a monitor below an upcall keeps its carrier, and who is parked needs one.
    private static void makeRoom() {
        boolean mine = MAKING_ROOM.compareAndSet(false, true);
        long limit = TOO_MANY.get();
        long end = System.nanoTime() + PATIENCE_NANOS;
        try {
            for (int moment = 0; ALIVE.get() > limit / 2 && System.nanoTime() - end < 0; moment++) {
                if (mine && moment % MOMENTS == 0) {
                    System.gc();
                }
                sleepAMoment();
            }
        } finally { // at the end of the stack too
            if (mine) {
                TOO_MANY.set(Math.max(MANY, ALIVE.get() + MANY / 2));
                MAKING_ROOM.set(false);
            }
        }
    }

    private static void sleepAMoment() {
        try {
            int _ = (int) USLEEP.invokeExact(MOMENT_MICROS);
        } catch (Throwable t) {
            throw Downcalls.rethrow("usleep", t);
        }
    }

    /// The same memory, which is unmapped when nobody can reach it any more.
    @SuppressWarnings("restricted")
    private static MemorySegment reinterpret(long address, long size, long mapped, long start, long length) {
        return MemorySegment.ofAddress(address).reinterpret(size, Arena.ofAuto(), _ -> unmap(mapped, start, length));
    }

    @SuppressWarnings("restricted")
    private static MemorySegment map(long length) {
        try {
            MemorySegment mapped = (MemorySegment)
                    MMAP.invokeExact(MemorySegment.NULL, length, PROT_NONE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (mapped.address() == -1) {
                throw new OutOfMemoryError("mmap of " + length + " bytes; " + ALLOCATED + " pieces before");
            }
            return mapped.reinterpret(length);
        } catch (Throwable t) {
            throw Downcalls.rethrow("mmap", t);
        }
    }

    private static void protect(MemorySegment part) {
        try {
            int result = (int) MPROTECT.invokeExact(part, part.byteSize(), PROT_READ_WRITE);
            if (result != 0) {
                throw new OutOfMemoryError("mprotect; " + ALLOCATED + " pieces before");
            }
        } catch (Throwable t) {
            throw Downcalls.rethrow("mprotect", t);
        }
    }

    /// Looks whether something was written before the piece, and unmaps it.
    @SuppressWarnings("restricted")
    private static void unmap(long mapped, long start, long length) {
        MemorySegment all = MemorySegment.ofAddress(mapped);
        try {
            MemorySegment before = all.reinterpret(length).asSlice(PAGE, start - PAGE);
            for (long i = 0; i < before.byteSize(); i++) {
                if (before.get(JAVA_BYTE, i) != FILLING) {
                    System.err.println("something was written before the beginning of native memory");
                    Runtime.getRuntime().halt(1);
                }
            }
            int result = (int) MUNMAP.invokeExact(all, length);
            if (result != 0) {
                throw new AssertionError("munmap");
            }
            ALIVE.decrementAndGet();
        } catch (Throwable t) {
            throw Downcalls.rethrow("munmap", t);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor type) {
        return Downcalls.LINKER.downcallHandle(Downcalls.LIBC.find(name).orElseThrow(), type);
    }
}
