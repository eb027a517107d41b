package io.selectors4j.testing;

import io.selectors4j.internal.posix.Signals;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A signal that a test handles and sends to its threads.
public final class TestSignal implements AutoCloseable {

    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private final Runnable restore;

    private TestSignal(String name, boolean counting) {
        this.name = name;
        restore = counting ? startCounting() : Libc.interruptOn(number());
    }

    /// Installs a handler of the virtual machine that counts the signal. System calls that do not block are restarted.
    ///
    /// @param name its name without SIG, which the virtual machine must not use itself, for example `WINCH`
    public static TestSignal counting(String name) {
        return new TestSignal(name, true);
    }

    /// Installs a handler that interrupts every system call and does not count.
    ///
    /// @param name its name without SIG, which the virtual machine must not use itself, for example `WINCH`
    public static TestSignal interrupting(String name) {
        return new TestSignal(name, false);
    }

    /// Installs a handler of `sun.misc.Signal` that counts. Uses reflection, since the library's module does not read
    /// `jdk.unsupported`.
    ///
    /// @return restores the previous handler
    private Runnable startCounting() {
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
            Object previous = install(handler);
            return () -> install(previous);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private Object install(Object handler) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            return signalType
                    .getMethod("handle", signalType, Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /// Returns the number of the signal.
    public int number() {
        return Signals.number("SIG" + name);
    }

    /// Sends the signal to a thread. The handler must have run before this object is closed, since the next handler
    /// would receive a late signal.
    public void send(Background<?> thread) {
        Libc.tgkill(thread.tid(), number());
    }

    /// Sends the signal to a thread that may have ended.
    ///
    /// @param tid the kernel's id of the thread
    /// @return whether the thread exists
    public boolean trySend(int tid) {
        return Libc.tryTgkill(tid, number());
    }

    /// Sends the signal to a thread, which must not block it, and waits until the handler has run.
    public void sendAndAwait(Background<?> thread) {
        int before = count();
        send(thread);
        awaitCount(before + 1);
    }

    /// Waits until the handler has run a number of times.
    public void awaitCount(int times) {
        long deadline = System.nanoTime() + Expect.PATIENCE.toNanos();
        while (count() < times) {
            LockSupport.parkNanos(1_000_000);
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("SIG" + name + " does not arrive");
            }
        }
    }

    /// Returns how often the handler has run.
    public int count() {
        return count.get();
    }

    @Override
    public void close() {
        restore.run();
    }
}
