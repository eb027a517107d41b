package io.selectors4j.stress.misuse;

import io.selectors4j.Await;
import io.selectors4j.NativeIOException;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.List;

/// A program: calls every method of everything that can be closed, once, and those that wait or change terminals without such an object, and moves
/// bytes between buffers of every kind. For `tools/valgrind`, which looks at what the kernel and the C library do with the memory that they are pointed at.
final class EveryMethod {

    /// What a thread keeps of native memory for the bytes of heap buffers, and more than that.
    private static final int[] SIZES = {1, 16 * 1024, 16 * 1024 + 1};

    private EveryMethod() {}

    /// Calls them.
    public static void main(String[] args) throws Exception {
        int calls = 0;
        try (Arguments arguments = new Arguments()) {
            for (FdKind kind : FdKind.values()) {
                calls += callAll(kind, arguments);
            }
            calls += callOthers(arguments);
        }
        for (CloseMethod way : CloseMethod.values()) {
            calls += moveAll(way);
        }
        System.out.println(calls + " calls");
        System.exit(0);
    }

    private static int callAll(FdKind kind, Arguments arguments) throws IOException {
        int calls = 0;
        try (FdKind.Specimen specimen = kind.open()) {
            for (Method method : Exported.methods(specimen.object().getClass())) {
                if (!method.getName().equals("close")) {
                    Calls.outcome(method, specimen.object(), arguments.of(method));
                    calls++;
                }
            }
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("ENOSYS")) { // what an old valgrind says of a new system call
                throw e;
            }
            System.out.println("left out: " + kind + ": " + e.getMessage());
        }
        return calls;
    }

    private static int callOthers(Arguments arguments) throws IOException {
        int calls = 0;
        for (Class<?> type : List.of(Select.class, Await.class, Terminal.class)) {
            for (Executable executable : Exported.statics(type)) {
                Calls.outcome((Method) executable, null, arguments.of(executable));
                calls++;
            }
        }
        Termios.of(arguments.terminal()).apply(arguments.terminal(), Termios.When.NOW);
        Poll poll = Poll.create();
        poll.register(arguments.terminal());
        for (Method method : Exported.methods(Poll.class)) {
            Calls.outcome(method, poll, arguments.of(method));
            calls++;
        }
        return calls;
    }

    private static int moveAll(CloseMethod way) throws IOException {
        int calls = 0;
        try (CloseMethod.Channel channel = way.open()) {
            for (Buffers kind : Buffers.values()) {
                for (int size : SIZES) {
                    if (size <= way.room()) {
                        channel.out().with(kind.part(size));
                        ByteBuffer target = kind.part(size);
                        while (target.hasRemaining()) {
                            channel.in().with(target);
                            calls++;
                        }
                        calls++;
                    }
                }
            }
        }
        return calls;
    }
}
