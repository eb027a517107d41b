package io.selectors4j.internal.sys;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.IntSupplier;

/// Calls that wait in the kernel, for virtual threads: the call is made by a platform thread of this library's own, one for
/// each call under way, while the virtual thread parks and leaves its carrier to others. So for calls that go on beside another
/// one.
public final class BlockingCalls {

    private BlockingCalls() {}

    /// Begins when it is first needed.
    private static final class Helpers {
        static final ExecutorService POOL = Executors.newCachedThreadPool(task -> LibraryThreads.make("helper", task));
    }

    /// Whether a call that may wait has to go through [#call].
    ///
    /// @param nanos the longest wait
    static boolean isNeeded(long nanos) {
        return nanos != 0 && Thread.currentThread().isVirtual();
    }

    /// Makes a call on a platform thread. An interrupt does not end it, as it would not on the thread itself.
    static int call(IntSupplier call) {
        return result(submit(call));
    }

    /// Begins a call on a platform thread.
    ///
    /// @param call the call
    /// @return for [#result]
    public static Future<Integer> submit(IntSupplier call) {
        FutureTask<Integer> task = new FutureTask<>(call::getAsInt);
        Helpers.POOL.execute(task);
        return task;
    }

    /// Waits for a call to end. An interrupt does not end the wait.
    ///
    /// @param call what [#submit] has begun
    /// @return what the call returned
    public static int result(Future<Integer> call) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return call.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("the call failed before it reached native code", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
