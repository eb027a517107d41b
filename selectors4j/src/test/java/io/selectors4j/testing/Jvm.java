package io.selectors4j.testing;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/// Counters of the virtual machine for the current thread. They are read by reflection, since the module under test
/// does not read the management modules.
public final class Jvm {

    private static final MethodHandle ALLOCATED = counter("getCurrentThreadAllocatedBytes");

    private static final MethodHandle CPU_TIME = counter("getCurrentThreadCpuTime");

    private Jvm() {}

    /// Returns the heap bytes that this thread has allocated. The call itself allocates none.
    public static long allocatedBytes() {
        return call(ALLOCATED);
    }

    /// Returns the processor time of this thread in nanoseconds.
    static long cpuTime() {
        return call(CPU_TIME);
    }

    /// Returns the native memory in bytes that counts against the limit of direct memory.
    public static long directMemory() {
        try {
            Class<?> type = Class.forName("java.lang.management.BufferPoolMXBean");
            List<?> pools = (List<?>) Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMXBeans", Class.class)
                    .invoke(null, type);
            for (Object pool : pools) {
                if ("direct".equals(type.getMethod("getName").invoke(pool))) {
                    return (long) type.getMethod("getMemoryUsed").invoke(pool);
                }
            }
            throw new AssertionError("no pool of direct memory among " + pools);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static long call(MethodHandle counter) {
        try {
            return (long) counter.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static MethodHandle counter(String name) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object bean = lookup.findStatic(
                            Class.forName("java.lang.management.ManagementFactory"),
                            "getThreadMXBean",
                            MethodType.methodType(Class.forName("java.lang.management.ThreadMXBean")))
                    .invoke();
            return lookup.findVirtual(
                            Class.forName("com.sun.management.ThreadMXBean"), name, MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
