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

/// A program that calls every method of every closeable class once, every static method that waits or changes
/// terminals, and transfers bytes between buffers of every kind. `tools/valgrind` runs it to check the memory accesses
/// of the kernel and the C library.
final class EveryMethod {

    /// The size of a thread's native buffer for heap buffers, and one more.
    private static final int[] SIZES = {1, 16 * 1024, 16 * 1024 + 1};

    private EveryMethod() {}

    /// Makes the calls.
    public static void main(String[] args) throws Exception {
        int calls = 0;
        try (Arguments arguments = new Arguments()) {
            for (FdKind kind : FdKind.values()) {
                calls += callAll(kind, arguments);
            }
            calls += callOthers(arguments);
        }
        for (Transport transport : Transport.values()) {
            calls += moveAll(transport);
        }
        System.out.println(calls + " calls");
        System.exit(0);
    }

    private static int callAll(FdKind kind, Arguments arguments) throws IOException {
        int calls = 0;
        try (FdKind.OpenObject open = kind.open()) {
            for (Method method : PublicApi.methods(open.object().getClass())) {
                if (!method.getName().equals("close")) {
                    ReflectiveCall.outcome(method, open.object(), arguments.of(method));
                    calls++;
                }
            }
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("ENOSYS")) { // an old valgrind lacks a new system call
                throw e;
            }
            System.out.println("skipped: " + kind + ": " + e.getMessage());
        }
        return calls;
    }

    private static int callOthers(Arguments arguments) throws IOException {
        int calls = 0;
        for (Class<?> type : List.of(Select.class, Await.class, Terminal.class)) {
            for (Executable executable : PublicApi.statics(type)) {
                ReflectiveCall.outcome((Method) executable, null, arguments.of(executable));
                calls++;
            }
        }
        Termios.of(arguments.terminal()).apply(arguments.terminal(), Termios.When.NOW);
        Poll poll = Poll.create();
        poll.register(arguments.terminal());
        for (Method method : PublicApi.methods(Poll.class)) {
            ReflectiveCall.outcome(method, poll, arguments.of(method));
            calls++;
        }
        return calls;
    }

    private static int moveAll(Transport transport) throws IOException {
        int calls = 0;
        try (Transport.Channel channel = transport.open()) {
            for (BufferKind kind : BufferKind.values()) {
                for (int size : SIZES) {
                    if (size <= transport.room()) {
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
