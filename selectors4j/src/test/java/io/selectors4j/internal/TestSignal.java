package io.selectors4j.internal;

import io.selectors4j.internal.linux.LinuxSignals;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A signal that the virtual machine handles for a test, as `sun.misc.Signal` does: counted, and with the time of the
/// first arrival. By reflection, since the library's module does not read `jdk.unsupported`.
public final class TestSignal implements AutoCloseable {

    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong firstNanos = new AtomicLong();
    private final CountDownLatch first = new CountDownLatch(1);
    private final Object previous;

    private TestSignal(String name) {
        this.name = name;
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    ClassLoader.getSystemClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            arrived();
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

    private void arrived() {
        firstNanos.compareAndSet(0, System.nanoTime());
        count.incrementAndGet();
        first.countDown();
    }

    /// The signal's number.
    public int number() {
        return LinuxSignals.number("SIG" + name);
    }

    /// Sends the signal to one thread.
    public void send(TestThread<?> thread) {
        TestLibc.pthreadKill(thread.pthread(), number());
    }

    /// How often the handler has run.
    public int count() {
        return count.get();
    }

    /// Waits until the handler has run.
    ///
    /// @return [System#nanoTime] of the first time
    public long awaitFirst() throws InterruptedException {
        if (!first.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("SIG" + name + " does not arrive");
        }
        return firstNanos.get();
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
