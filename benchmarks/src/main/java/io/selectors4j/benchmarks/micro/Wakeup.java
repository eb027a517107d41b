package io.selectors4j.benchmarks.micro;

import io.selectors4j.Backend;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A wakeup round trip: each of two threads has a selector and waits until the other thread wakes it, like OpenJDK's
/// SelectorWakeup. An operation is one round trip, so four calls.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class Wakeup {

    private static final int ROUND_TRIPS = 500;

    /// The kind of threads.
    @Param({"platform", "virtual"})
    public String threads = "";

    /// Two selectors of this library.
    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public void ours() throws IOException, InterruptedException, ExecutionException {
        ReadyHandler<Object, IOException> nothing = (_, _) -> {};
        try (Selector<Object> here = Backend.EPOLL.open();
                Selector<Object> there = Backend.EPOLL.open()) {
            FutureTask<?> responder = start(() -> {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    there.select(nothing);
                    here.wakeup();
                }
                return null;
            });
            FutureTask<?> requester = start(() -> {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    there.wakeup();
                    here.select(nothing);
                }
                return null;
            });
            responder.get();
            requester.get();
        }
    }

    /// Two selectors of NIO.
    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public void nio() throws IOException, InterruptedException, ExecutionException {
        try (java.nio.channels.Selector here = java.nio.channels.Selector.open();
                java.nio.channels.Selector there = java.nio.channels.Selector.open()) {
            FutureTask<?> responder = start(() -> {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    there.select();
                    here.wakeup();
                }
                return null;
            });
            FutureTask<?> requester = start(() -> {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    there.wakeup();
                    here.select();
                }
                return null;
            });
            responder.get();
            requester.get();
        }
    }

    private <T> FutureTask<T> start(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread.Builder builder = threads.equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
        builder.start(task);
        return task;
    }
}
