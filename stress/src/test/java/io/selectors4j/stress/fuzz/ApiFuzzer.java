package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Pollable;
import io.selectors4j.ReadyHandler;
import io.selectors4j.ReadyKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.stress.fuzz.Api.Op;
import io.selectors4j.testing.OpenFiles;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls random public methods with random arguments, one after the other, on the same objects.
final class ApiFuzzer implements Closeable {

    private static final int MAX_CALLS = 40;

    private final FuzzFixture fixture;
    private final List<List<Op>> groups;

    /// Creates a fuzzer for all exported packages.
    ///
    /// @param directory a directory for files
    ApiFuzzer(Path directory) throws IOException, InterruptedException {
        fixture = new FuzzFixture(directory);
        groups = Api.PACKAGES.stream().map(ApiFuzzer::callable).toList();
    }

    /// Returns the constructors and methods of some packages, without the methods of objects that this system lacks.
    private static List<Op> callable(List<String> packages) {
        return Api.of(packages).stream()
                .filter(op -> op.isStatic() || ObjectFactory.isAvailable(op.owner()))
                .toList();
    }

    List<Op> ops() {
        return groups.stream().flatMap(List::stream).toList();
    }

    @Override
    public void close() throws IOException {
        fixture.close();
    }

    /// Makes the calls of an input, on a platform thread or a virtual thread.
    void run(Input input) throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        if (input.small() % 8 == 0) {
            List<Throwable> failures = new ArrayList<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    makeCalls(input);
                } catch (Throwable t) {
                    failures.add(t);
                }
            });
            thread.join();
            for (Throwable failure : failures) {
                throw new AssertionError("on a virtual thread: " + failure.getMessage(), failure);
            }
        } else {
            makeCalls(input);
        }
        assertThat(OpenFiles.since(before)).as("descriptors left open").isEmpty();
    }

    private void makeCalls(Input input) throws Exception {
        try (ObjectPool pool = new ObjectPool(fixture, input)) {
            Run run = new Run(pool, groups.get(input.below(groups.size())));
            for (int i = 0; i < MAX_CALLS && input.hasMore(); i++) {
                run.callAny();
            }
        } finally {
            Thread.interrupted();
        }
    }

    /// Makes a single call.
    ///
    /// @return whether there was a receiver
    boolean run(Op op, Input input) throws Exception {
        try (ObjectPool pool = new ObjectPool(fixture, input)) {
            return new Run(pool, List.of(op)).call(op);
        } finally {
            Thread.interrupted();
        }
    }

    /// The calls of one input.
    private static final class Run {

        private final ObjectPool pool;
        private final List<Op> ops;
        private final Input input;
        private final ArgumentValues values;
        private final CallGuard safety;
        private boolean nested;

        Run(ObjectPool pool, List<Op> ops) {
            this.pool = pool;
            this.ops = ops;
            input = pool.input();
            values = new ArgumentValues(pool, (ReadyHandler<Object, RuntimeException>) (_, _) -> handle());
            safety = new CallGuard(pool);
        }

        void callAny() throws IOException {
            call(ops.get(input.below(ops.size())));
        }

        /// Makes a call.
        ///
        /// @return whether there was a receiver
        boolean call(Op op) throws IOException {
            Object receiver = op.isStatic() ? null : receiver(op);
            if (receiver == null && !op.isStatic()) {
                return false;
            }
            List<@Nullable Object> arguments = new ArrayList<>();
            for (Parameter parameter : op.executable().getParameters()) {
                arguments.add(values.of(op, parameter, arguments));
            }
            Call call = new Call(op, receiver, arguments);
            Runnable after = safety.prepare(call);
            Call.Outcome outcome = call.make();
            after.run();
            safety.clean(call, outcome);
            if (outcome.thrown() != null) {
                ThrowsContract.require(call, outcome.thrown());
            } else if (CallGuard.isUsable(call)) {
                addResult(outcome.value());
            }
            if (receiver instanceof Fd fd && op.executable().getName().equals("close")) {
                assertThat(fd.fileno()).as("%s", call).isEqualTo(-1);
            }
            return true;
        }

        private @Nullable Object receiver(Op op) throws IOException {
            if (op.owner().isEnum()) {
                return input.choose(op.owner().getEnumConstants());
            }
            return pool.any(op.owner());
        }

        /// The handler of ready keys. It makes another call, or throws.
        private void handle() {
            if (nested) {
                return;
            }
            if (input.small() % 4 == 0) {
                throw new HostilePollable.UserException();
            }
            nested = true;
            try {
                callAny();
            } catch (IOException e) {
                throw new AssertionError(e);
            } finally {
                nested = false;
            }
        }

        /// Checks a returned value, and adds it to the pool.
        private void addResult(@Nullable Object value) {
            switch (value) {
                case null -> {}
                case Map<?, ?> map -> checkMap(map);
                case Collection<?> all -> {
                    for (Object one : all) {
                        assertThat(one.toString()).isNotNull();
                        if (one instanceof ReadyKey<?> || one instanceof Fd) {
                            pool.add(one);
                        }
                    }
                }
                default -> {
                    assertThat(value.toString()).isNotNull();
                    boolean ours = value.getClass().getPackageName().startsWith("io.selectors4j");
                    if (ours || value instanceof AutoCloseable || value instanceof Pollable) {
                        pool.add(value);
                    }
                }
            }
        }

        /// Checks that a selector's map can be read.
        private static void checkMap(Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                assertThat(entry.getKey()).isNotNull();
                assertThat(entry.getValue()).isNotNull();
            }
            assertThat(map.containsKey("nothing")).isFalse();
        }
    }
}
