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

/// Shadows the library's class of the same name. Each piece of memory ends at an inaccessible page, with another
/// inaccessible page before it. The virtual machine checks Java's own accesses; the pages check the accesses of the
/// kernel and the C library: the kernel returns EFAULT, and the C library crashes.
///
/// Freed memory is unmapped, so a call with an old pointer fails in the same way.
public final class NativeMemory {

    private static final long PAGE = 4096;
    private static final byte FILL_BYTE = (byte) 0xA5;

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

    /// The kernel allows a process some 65,000 mappings (vm.max_map_count), and a piece takes up to three.
    private static final long MIN_LIMIT = 8_000;

    private static final long MAX_PAUSE_NANOS = 2_000_000_000;
    private static final int PAUSE_MICROS = 100;

    /// The number of pauses between two collections.
    private static final int PAUSES_PER_COLLECTION = 1_000;

    private static final AtomicLong ALLOCATED = new AtomicLong();
    private static final AtomicLong ALIVE = new AtomicLong();

    /// The number of live pieces at which [#makeRoom] runs.
    private static final AtomicLong LIMIT = new AtomicLong(MIN_LIMIT);

    private static final AtomicBoolean MAKING_ROOM = new AtomicBoolean();

    private NativeMemory() {}

    /// Returns the number of allocated pieces.
    public static long allocated() {
        return ALLOCATED.get();
    }

    /// Returns the number of pieces that have not been freed.
    public static long alive() {
        return ALIVE.get();
    }

    /// Allocates zeroed memory. Its last byte is the last byte of a page, as far as its alignment allows.
    public static MemorySegment allocate(long size, long alignment) {
        long usable = (Math.max(size, 1) + PAGE - 1) / PAGE * PAGE + (alignment > PAGE ? alignment : 0);
        long length = usable + 2 * PAGE;
        MemorySegment mapped = map(length);
        protect(mapped.asSlice(PAGE, usable));
        mapped.asSlice(PAGE, usable - size).fill(FILL_BYTE);
        long start = (mapped.address() + PAGE + usable - size) / alignment * alignment - mapped.address();
        MemorySegment piece = mapped.asSlice(start, size).fill((byte) 0);
        ALLOCATED.incrementAndGet();
        if (ALIVE.incrementAndGet() >= LIMIT.get()) {
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

    /// Waits until enough unreachable pieces are unmapped. All allocating threads wait here, because they are faster
    /// than the one unmapping thread, and the kernel would also refuse the virtual machine's own mappings.
    ///
    /// Neither locks nor parks: below an upcall, a virtual thread in a monitor pins its carrier, and a parked virtual
    /// thread needs a free carrier.
    private static void makeRoom() {
        boolean isCollecting = MAKING_ROOM.compareAndSet(false, true);
        long limit = LIMIT.get();
        long end = System.nanoTime() + MAX_PAUSE_NANOS;
        try {
            for (int moment = 0; ALIVE.get() > limit / 2 && System.nanoTime() - end < 0; moment++) {
                if (isCollecting && moment % PAUSES_PER_COLLECTION == 0) {
                    System.gc();
                }
                pause();
            }
        } finally { // also after a StackOverflowError
            if (isCollecting) {
                LIMIT.set(Math.max(MIN_LIMIT, ALIVE.get() + MIN_LIMIT / 2));
                MAKING_ROOM.set(false);
            }
        }
    }

    private static void pause() {
        try {
            int _ = (int) USLEEP.invokeExact(PAUSE_MICROS);
        } catch (Throwable t) {
            throw Downcalls.rethrow("usleep", t);
        }
    }

    /// Returns the memory as a segment that is unmapped when it is unreachable.
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

    /// Checks that no byte before the piece was written, and unmaps the memory.
    @SuppressWarnings("restricted")
    private static void unmap(long mapped, long start, long length) {
        MemorySegment all = MemorySegment.ofAddress(mapped);
        try {
            MemorySegment before = all.reinterpret(length).asSlice(PAGE, start - PAGE);
            for (long i = 0; i < before.byteSize(); i++) {
                if (before.get(JAVA_BYTE, i) != FILL_BYTE) {
                    System.err.println("a byte before a piece of native memory was written");
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
