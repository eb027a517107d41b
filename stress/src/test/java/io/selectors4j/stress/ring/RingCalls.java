package io.selectors4j.stress.ring;

import io.selectors4j.internal.linux.IoUringParams;
import io.selectors4j.internal.linux.LinuxSyscalls;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Passes the system calls of io_uring to a [RingKernel] while one is installed.
public final class RingCalls {

    private static final long ERRNO =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final Set<String> FUNCTIONS = Set.of("syscall", "mmap", "munmap");

    private static final MethodHandle IS_INSTALLED = find("isInstalled", MethodType.methodType(boolean.class));
    private static final MethodHandle CALL =
            find("call", MethodType.methodType(Object.class, String.class, MethodHandle.class, Object[].class));

    static volatile @Nullable RingKernel kernel;

    private RingCalls() {}

    /// Returns a handle that can call a kernel of the tests instead.
    ///
    /// @param name the name of the C function
    /// @param real its handle
    public static MethodHandle around(String name, MethodHandle real) {
        if (!FUNCTIONS.contains(name)) {
            return real;
        }
        MethodType type = real.type();
        MethodHandle other = MethodHandles.insertArguments(
                        CALL, 0, name, real.asSpreader(Object[].class, type.parameterCount()))
                .asCollector(Object[].class, type.parameterCount())
                .asType(type);
        return MethodHandles.guardWithTest(
                MethodHandles.dropArguments(IS_INSTALLED, 0, type.parameterList()), other, real);
    }

    /// Installs a kernel for all threads; null for the kernel of the system.
    public static void install(@Nullable RingKernel installed) {
        kernel = installed;
    }

    static boolean isInstalled() {
        return kernel != null;
    }

    static Object call(String name, MethodHandle real, Object[] arguments) throws Throwable {
        RingKernel current = kernel;
        if (current == null) {
            return real.invoke(arguments);
        }
        return switch (name) {
            case "mmap" -> {
                long address = current.mmap((int) arguments[5], (long) arguments[6]);
                yield address == RingKernel.OTHER ? real.invoke(arguments) : MemorySegment.ofAddress(address);
            }
            case "munmap" -> current.munmap((long) arguments[1]) ? 0L : real.invoke(arguments);
            default -> syscall(current, real, arguments);
        };
    }

    private static Object syscall(RingKernel current, MethodHandle real, Object[] arguments) throws Throwable {
        long number = (long) arguments[1];
        int first = (int) (long) arguments[2];
        int second = (int) (long) arguments[3];
        if (number == LinuxSyscalls.SYS_IO_URING_SETUP) {
            MemorySegment params = params((long) arguments[3]);
            arguments[2] = (long) current.entries(first, params);
            long fd = current.setup((int) (long) arguments[2], params);
            if (fd == RingKernel.OTHER) {
                fd = (long) real.invoke(arguments);
                current.created(params);
            }
            return fd;
        }
        long result = RingKernel.OTHER;
        if (number == LinuxSyscalls.SYS_IO_URING_ENTER) {
            result = current.enter(
                    first, second, (int) (long) arguments[4], (int) (long) arguments[5], (long) arguments[6]);
        } else if (number == LinuxSyscalls.SYS_IO_URING_REGISTER) {
            result = current.register(first, second, (long) arguments[4]);
        }
        if (result == RingKernel.OTHER) {
            return real.invoke(arguments);
        }
        if (result < 0) {
            ((MemorySegment) arguments[0]).set(ValueLayout.JAVA_INT, ERRNO, (int) -result);
            return -1L;
        }
        return result;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment params(long address) {
        return MemorySegment.ofAddress(address).reinterpret(IoUringParams.LAYOUT.byteSize());
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findStatic(RingCalls.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
