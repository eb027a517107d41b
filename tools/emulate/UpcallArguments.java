import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/// Calls a Java method through native code, with more arguments than fit into the registers of any architecture, and
/// compares what arrives. With the JDK 25 for s390x, arguments that were passed on the stack arrive wrong, so the
/// simulated kqueue (`kevent` has six arguments) does not work there. The exit code is 1 then.
class UpcallArguments {

    private static final long[] SENT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    private static long[] received = {};

    static void receive(int a, long b, int c, long d, int e, long f, int g, long h, int i, long j) {
        received = new long[] {a, b, c, d, e, f, g, h, i, j};
    }

    public static void main(String[] args) throws Throwable {
        FunctionDescriptor type = FunctionDescriptor.ofVoid(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG);
        MethodType method = MethodType.methodType(
                void.class,
                int.class,
                long.class,
                int.class,
                long.class,
                int.class,
                long.class,
                int.class,
                long.class,
                int.class,
                long.class);
        Linker linker = Linker.nativeLinker();
        MethodHandle target = MethodHandles.lookup().findStatic(UpcallArguments.class, "receive", method);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stub = linker.upcallStub(target, type, arena);
            MethodHandle call = linker.downcallHandle(stub, type);
            call.invokeExact(1, 2L, 3, 4L, 5, 6L, 7, 8L, 9, 10L);
        }
        System.out.println("sent     " + Arrays.toString(SENT));
        System.out.println("received " + Arrays.toString(received));
        System.exit(Arrays.equals(SENT, received) ? 0 : 1);
    }
}
