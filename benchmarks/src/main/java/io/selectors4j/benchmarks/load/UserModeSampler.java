package io.selectors4j.benchmarks.load;

import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Samples the user time of threads 10,000 times a second, if the kernel allows it.
///
/// A clock that runs while the thread runs interrupts it after each period. If the thread was in user mode, the kernel
/// writes a record to a ring buffer. The records are not read: the head of the ring counts them.
///
/// Source: perf_event_open(2), linux/perf_event.h.
final class UserModeSampler implements Closeable {

    /// The sampling period in nanoseconds. A shorter one would be more exact and take more time.
    private static final long PERIOD = 100_000;

    private static final Map<String, Long> PERF_EVENT_OPEN = Map.of("amd64", 298L, "aarch64", 241L, "riscv64", 241L);

    /// The size of the first version of `struct perf_event_attr`.
    private static final long ATTR_SIZE = 64;

    private static final int ATTR_TYPE = 0;
    private static final int ATTR_LENGTH = 4;
    private static final int ATTR_SAMPLE_PERIOD = 16;
    private static final int ATTR_FLAGS = 40;
    private static final int PERF_TYPE_SOFTWARE = 1; // with the config 0, PERF_COUNT_SW_CPU_CLOCK
    private static final long EXCLUDE_KERNEL = 1L << 5;
    private static final long EXCLUDE_HV = 1L << 6;
    private static final long PERF_FLAG_FD_CLOEXEC = 1L << 3;

    /// The offset of `data_head` in `struct perf_event_mmap_page`.
    private static final int DATA_HEAD = 1024;

    /// The size of a record without data: a `struct perf_event_header`.
    private static final int RECORD = 8;

    private static final int PROT_READ = 1;

    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle SYSCALL = handle(
            "syscall",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle MMAP = handle(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP =
            handle("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle GETPAGESIZE = handle("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private final List<Ring> rings = new ArrayList<>();

    private record Ring(int fd, MemorySegment memory) {}

    /// Begins to sample threads.
    ///
    /// @param tids the thread ids; threads that have ended are skipped
    UserModeSampler(List<Integer> tids) {
        for (int tid : tids) {
            int fd = open(tid);
            if (fd >= 0) {
                MemorySegment memory = map(fd);
                if (memory.address() == MAP_FAILED) {
                    close(fd);
                } else {
                    rings.add(new Ring(fd, memory));
                }
            }
        }
    }

    /// Tells whether the kernel allows sampling.
    static boolean isAvailable() {
        return Available.YES;
    }

    private static final class Available {

        static final boolean YES = probe();

        private static boolean probe() {
            try (UserModeSampler own = new UserModeSampler(List.of(0))) { // 0: this thread
                return !own.rings.isEmpty();
            }
        }
    }

    /// Returns the user time of the threads since the start, in nanoseconds.
    long nanos() {
        long records = 0;
        for (Ring ring : rings) {
            records += ring.memory.get(ValueLayout.JAVA_LONG, DATA_HEAD) / RECORD;
        }
        return records * PERIOD;
    }

    @Override
    public void close() {
        for (Ring ring : rings) {
            unmap(ring.memory);
            close(ring.fd);
        }
        rings.clear();
    }

    private static int open(int tid) {
        Long number = PERF_EVENT_OPEN.get(System.getProperty("os.arch"));
        if (number == null) {
            return -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_SIZE, Long.BYTES);
            attr.set(ValueLayout.JAVA_INT, ATTR_TYPE, PERF_TYPE_SOFTWARE);
            attr.set(ValueLayout.JAVA_INT, ATTR_LENGTH, (int) ATTR_SIZE);
            attr.set(ValueLayout.JAVA_LONG, ATTR_SAMPLE_PERIOD, PERIOD);
            attr.set(ValueLayout.JAVA_LONG, ATTR_FLAGS, EXCLUDE_KERNEL | EXCLUDE_HV);
            return (int) (long) SYSCALL.invokeExact((long) number, attr, (long) tid, -1L, -1L, PERF_FLAG_FD_CLOEXEC);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted") // the size passed to mmap
    private static MemorySegment map(int fd) {
        try {
            MemorySegment memory =
                    (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, size(), PROT_READ, MAP_SHARED, fd, 0L);
            return memory.address() == MAP_FAILED ? memory : memory.reinterpret(size());
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void unmap(MemorySegment memory) {
        try {
            int result = (int) MUNMAP.invokeExact(memory, memory.byteSize());
            assert result == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void close(int fd) {
        try {
            int result = (int) CLOSE.invokeExact(fd);
            assert result == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Returns the size of the header and one page of records, which the kernel overwrites.
    private static long size() {
        try {
            return 2L * (int) GETPAGESIZE.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted") // the function descriptors match the prototypes
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
