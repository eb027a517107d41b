package io.selectors4j.internal.sys;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.IntSupplier;

/// Runs blocking system calls for virtual threads. A platform thread of this library makes the call, one for each call
/// in progress, and the virtual thread parks and releases its carrier. Also for calls that run concurrently with
/// another call of the same thread.
public final class BlockingCalls {

    private BlockingCalls() {}

    /// Holder class, initialized on first use.
    private static final class Helpers {
        static final ExecutorService POOL = Executors.newCachedThreadPool(task -> LibraryThreads.make("helper", task));
    }

    /// Returns whether a call that waits up to `nanos` must go through [#call].
    static boolean isNeeded(long nanos) {
        return nanos != 0 && Thread.currentThread().isVirtual();
    }

    /// Runs a call on a platform thread and returns its result. An interrupt does not end the call, as it would not on
    /// the thread itself.
    static int call(IntSupplier call) {
        return result(submit(call));
    }

    /// Starts a call on a platform thread; [#result] waits for it.
    public static Future<Integer> submit(IntSupplier call) {
        FutureTask<Integer> task = new FutureTask<>(call::getAsInt);
        Helpers.POOL.execute(task);
        return task;
    }

    /// Waits for a call that [#submit] started, and returns its result. An interrupt does not end the wait.
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
