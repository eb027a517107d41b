package io.selectors4j.internal;

import io.selectors4j.internal.linux.LinuxSignals;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A signal that the virtual machine handles for a test, as `sun.misc.Signal` has it, and counts. By reflection, since the
/// library's module does not read `jdk.unsupported`.
public final class TestSignal implements AutoCloseable {

    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private final Object previous;

    private TestSignal(String name) {
        this.name = name;
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    ClassLoader.getSystemClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            count.incrementAndGet();
                            return null;
                        }
                        return method.getName().equals("hashCode") ? (Object) System.identityHashCode(proxy) : false;
                    });
            previous = install(name, handler);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /// Takes over a signal.
    ///
    /// @param name its name without SIG, one that the virtual machine does not use itself, such as `WINCH`
    public static TestSignal handle(String name) {
        return new TestSignal(name);
    }

    private static Object install(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        return signalType
                .getMethod("handle", signalType, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal, handler);
    }

    /// The signal's number.
    public int number() {
        return LinuxSignals.number("SIG" + name);
    }

    /// Sends the signal to one thread. The handler must have run before this object is closed: a signal that arrives
    /// late is handed to the next handler.
    public void send(Background<?> thread) {
        Libc.tgkill(thread.tid(), number());
    }

    /// Sends the signal to one thread, which does not block it, and waits until the handler has run.
    public void sendAndAwait(Background<?> thread) {
        int before = count();
        send(thread);
        awaitCount(before + 1);
    }

    /// Waits until the handler has run so many times.
    public void awaitCount(int times) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (count() < times) {
            LockSupport.parkNanos(1_000_000);
            if (System.nanoTime() > deadline) {
                throw new AssertionError("SIG" + name + " does not arrive");
            }
        }
    }

    /// How often the handler has run.
    public int count() {
        return count.get();
    }

    @Override
    public void close() {
        try {
            install(name, previous);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
