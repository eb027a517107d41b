package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Selector;
import io.selectors4j.internal.simulation.Simulations;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A simulated kernel: selectors, descriptors and a clock for tests of programs that use selectors4j.
///
/// ```java
/// Simulation simulation = Simulation.create(42);
/// try (Selector<String> selector = simulation.openSelector()) {
///     Simulation.Pair pair = simulation.openPair();
///     selector.register(pair.first(), Interest.READ, "data");
///     simulation.after(Duration.ofHours(1), () -> pair.second().write(ByteBuffer.wrap(new byte[10])));
///     selector.select(Duration.ofMinutes(50)); // returns nothing, at once
///     selector.select(); // returns the key
///     assert simulation.now().equals(Duration.ofHours(1));
/// }
/// ```
///
/// The selectors are ordinary ones, so the program under test needs no change. They take descriptors of their own
/// simulation, and refuse those of the system; other selectors refuse simulated descriptors. A bare number
/// ([io.selectors4j.Pollable#borrow], or an object of your own class) is one of the simulation for its selectors, and
/// one of the system for all others. No call of a simulation reaches the system.
///
/// ## Time
/// The clock stands still while the program runs. A select that finds no ready key moves it: to the next scheduled
/// action, or to the timeout of the select, whichever comes first. So a select takes no real time, and its timeout is
/// exact. If no key is ready, nothing is scheduled and no select has a timeout, the select throws a
/// [SimulationDeadlockError] that describes the keys.
///
/// Scheduled actions run in the thread of a select, or of [#advance]. They may use everything except a select that
/// waits. An exception of an action ends the select with this exception.
///
/// ## Threads
/// Any thread may use a simulation, and a select in another thread sees each change, as with a real backend. But by
/// default the clock does not know which threads still run. It stands still, and a select blocks in reality,
/// - while a thread of [#start] runs, except in a select of this simulation;
/// - while a [Hold] is open, which stands for work of any other thread.
///
/// If neither is possible, because the program starts its threads itself, use [Builder#realTime]: the clock is the real
/// one, and each select blocks until a key is ready, or its timeout is over.
///
/// ## Chance
/// A seed decides the order of the keys of a select, and with [Builder#spurious] and [Builder#shortTransfers] more. The
/// same seed and the same calls in one thread give the same run. [#forSeeds] repeats a test with many seeds and names
/// the seed that fails.
///
/// ## Imitated backend
/// The selectors imitate EPOLL, POLL or SELECT: its modes and its distinctions of [io.selectors4j.Readiness].
/// [Selector#backend] returns the imitated backend, although the class is another one. An exclusive wait
/// ([io.selectors4j.Interest#exclusive]) wakes all selectors.
public final class Simulation {

    /// The system property with the seed of [#create()].
    private static final String SEED = "io.selectors4j.testing.seed";

    private static final Duration LONGEST = Duration.ofNanos(SimulatedClock.NEVER);

    private final Kernel kernel;

    private Simulation(Builder settings) {
        kernel = new Kernel(settings.copy());
    }

    /// Code that runs at a time of the simulation.
    @FunctionalInterface
    public interface Action {

        /// Runs.
        ///
        /// @throws Exception ends the select that runs the action
        void run() throws Exception;
    }

    /// A test with a simulation.
    @FunctionalInterface
    public interface Test {

        /// Runs the test.
        ///
        /// @param simulation a new simulation
        /// @throws Exception fails the test
        void run(Simulation simulation) throws Exception;
    }

    /// Two connected streams.
    ///
    /// @param first one end
    /// @param second the other end
    public record Pair(SimulatedStream first, SimulatedStream second) {}

    /// Keeps the clock still until it is closed.
    public interface Hold extends AutoCloseable {

        /// Lets the clock move again. Any thread may call it.
        @Override
        void close();
    }

    /// The settings of a simulation.
    public static final class Builder {

        long seed = ThreadLocalRandom.current().nextLong();
        Backend backend = Backend.EPOLL;
        double spurious;
        double shortTransfers;
        int streamBuffer = 1 << 16;
        int maxDescriptors = 1 << 16;
        boolean realTime;

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.seed = seed;
            copy.backend = backend;
            copy.spurious = spurious;
            copy.shortTransfers = shortTransfers;
            copy.streamBuffer = streamBuffer;
            copy.maxDescriptors = maxDescriptors;
            copy.realTime = realTime;
            return copy;
        }

        /// Sets the seed; otherwise it is random.
        ///
        /// @param seed any number
        /// @return this object
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /// Sets the backend to imitate; otherwise it is EPOLL.
        ///
        /// @param backend EPOLL, POLL or SELECT
        /// @return this object
        /// @throws IllegalArgumentException if it is another backend
        public Builder backend(Backend backend) {
            if (backend != Backend.EPOLL && backend != Backend.POLL && backend != Backend.SELECT) {
                throw new IllegalArgumentException("a simulation imitates EPOLL, POLL or SELECT, not " + backend);
            }
            this.backend = backend;
            return this;
        }

        /// Sets the probability that a select reports a key without a reason; otherwise it is 0.
        ///
        /// @param probability from 0 to 1
        /// @return this object
        /// @throws IllegalArgumentException if it is out of range
        public Builder spurious(double probability) {
            spurious = requireProbability(probability);
            return this;
        }

        /// Sets the probability that a read or write moves fewer bytes than it could, but at least one; otherwise it is
        /// 0.
        ///
        /// @param probability from 0 to 1
        /// @return this object
        /// @throws IllegalArgumentException if it is out of range
        public Builder shortTransfers(double probability) {
            shortTransfers = requireProbability(probability);
            return this;
        }

        /// Sets the number of bytes that a stream holds for its reader; otherwise it is 65,536.
        ///
        /// @param bytes the number of bytes
        /// @return this object
        /// @throws IllegalArgumentException if it is not positive
        public Builder streamBuffer(int bytes) {
            streamBuffer = requirePositive(bytes);
            return this;
        }

        /// Sets the number of descriptors that can be open; the next one fails with EMFILE. Otherwise it is 65,536.
        ///
        /// @param descriptors the number of descriptors
        /// @return this object
        /// @throws IllegalArgumentException if it is not positive
        public Builder maxDescriptors(int descriptors) {
            maxDescriptors = requirePositive(descriptors);
            return this;
        }

        /// Makes the clock the real one: a select blocks until a key is ready, or its timeout is over. There is no
        /// [SimulationDeadlockError]. Scheduled actions run when their time has come, in a thread that selects.
        ///
        /// @return this object
        public Builder realTime() {
            realTime = true;
            return this;
        }

        /// Creates a simulation.
        ///
        /// @return a new simulation
        public Simulation build() {
            return new Simulation(this);
        }

        private static double requireProbability(double probability) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("no probability: " + probability);
            }
            return probability;
        }

        private static int requirePositive(int number) {
            if (number <= 0) {
                throw new IllegalArgumentException("not positive: " + number);
            }
            return number;
        }
    }

    /// Creates a simulation with the seed of the system property `io.selectors4j.testing.seed`, or else a random one.
    /// [#toString] contains the seed.
    ///
    /// @return a new simulation
    public static Simulation create() {
        Long seed = Long.getLong(SEED);
        return seed == null ? builder().build() : create(seed);
    }

    /// Creates a simulation with a seed.
    ///
    /// @param seed any number
    /// @return a new simulation
    public static Simulation create(long seed) {
        return builder().seed(seed).build();
    }

    /// Returns the default settings, to change them.
    ///
    /// @return a new builder
    public static Builder builder() {
        return new Builder();
    }

    /// Runs a test with the seeds from 0 on.
    ///
    /// @param count the number of seeds
    /// @param settings the other settings
    /// @param test the test
    /// @throws AssertionError if the test throws an exception, which is the cause; the message names the seed
    public static void forSeeds(int count, Builder settings, Test test) {
        for (int seed = 0; seed < count; seed++) {
            try {
                test.run(settings.copy().seed(seed).build());
            } catch (Throwable t) {
                throw new AssertionError("failed with seed " + seed + ": " + t, t);
            }
        }
    }

    Kernel kernel() {
        return kernel;
    }

    /// Returns the seed.
    ///
    /// @return the seed
    public long seed() {
        return kernel.settings.seed;
    }

    /// Opens a selector.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    public <A extends @Nullable Object> Selector<A> openSelector() {
        return Simulations.open(new KernelSet(kernel, kernel.settings.backend));
    }

    /// Opens two connected streams.
    ///
    /// @return a new pair
    /// @throws io.selectors4j.NativeIOException EMFILE at the limit of descriptors; or a planned failure
    public Pair openPair() throws IOException {
        try (var _ = kernel.acquire()) {
            kernel.checkFault(Operation.OPEN, "pair");
            StreamFile first = StreamFile.connected(kernel);
            SimulatedStream stream = new SimulatedStream(first, kernel.open(first));
            try {
                return new Pair(stream, new SimulatedStream(first.peer(), kernel.open(first.peer())));
            } catch (IOException e) {
                stream.close();
                throw e;
            }
        }
    }

    /// Opens a listening socket.
    ///
    /// @return a new listener
    /// @throws io.selectors4j.NativeIOException EMFILE at the limit of descriptors; or a planned failure
    public SimulatedListener openListener() throws IOException {
        try (var _ = kernel.acquire()) {
            kernel.checkFault(Operation.OPEN, "listener");
            SimulatedListener.Backlog backlog = new SimulatedListener.Backlog(kernel);
            return new SimulatedListener(backlog, kernel.open(backlog));
        }
    }

    /// Opens a disarmed timer.
    ///
    /// @return a new timer
    /// @throws io.selectors4j.NativeIOException EMFILE at the limit of descriptors; or a planned failure
    public SimulatedTimer openTimer() throws IOException {
        try (var _ = kernel.acquire()) {
            kernel.checkFault(Operation.OPEN, "timer");
            SimulatedTimer.Setting setting = new SimulatedTimer.Setting(kernel);
            return new SimulatedTimer(setting, kernel.open(setting));
        }
    }

    /// Opens a descriptor whose readiness the test sets.
    ///
    /// @return a new descriptor, which is not ready
    /// @throws io.selectors4j.NativeIOException EMFILE at the limit of descriptors; or a planned failure
    public ScriptedDescriptor openScripted() throws IOException {
        try (var _ = kernel.acquire()) {
            kernel.checkFault(Operation.OPEN, "scripted");
            ScriptedDescriptor.Script script = new ScriptedDescriptor.Script(kernel);
            return new ScriptedDescriptor(script, kernel.open(script));
        }
    }

    /// Makes the next call of an operation fail, whichever object it is for. Several failures of one operation occur
    /// one after the other. A planned failure of the object itself comes first.
    ///
    /// @param operation the operation
    /// @param errno the symbol of the error, such as `EMFILE`
    /// @throws IllegalArgumentException if this system has no such error
    public void failNext(Operation operation, String errno) {
        try (var _ = kernel.acquire()) {
            kernel.failNext(operation, errno);
        }
    }

    /// Returns the time since the simulation began.
    ///
    /// @return the time
    public Duration now() {
        return Duration.ofNanos(nanoTime());
    }

    /// Returns the time since the simulation began, in nanoseconds: replaces [System#nanoTime] in the program under
    /// test.
    ///
    /// @return the time
    public long nanoTime() {
        try (var _ = kernel.acquire()) {
            return kernel.clock.now();
        }
    }

    /// Returns the clock, which begins at [Instant#EPOCH].
    ///
    /// @return the clock
    public InstantSource clock() {
        return () -> Instant.EPOCH.plus(now());
    }

    /// Schedules an action. Actions of the same time run in the order of these calls, and before a timeout of this
    /// time.
    ///
    /// @param time the time since the simulation began; a time that has passed is now
    /// @param action the action
    public void at(Duration time, Action action) {
        try (var _ = kernel.acquire()) {
            kernel.clock.schedule(nanos(time), action);
        }
    }

    /// Schedules an action.
    ///
    /// @param delay the time from now; a negative one is none
    /// @param action the action
    public void after(Duration delay, Action action) {
        try (var _ = kernel.acquire()) {
            kernel.clock.schedule(kernel.clock.after(nanos(delay)), action);
        }
    }

    /// Moves the clock without a select, and runs the actions until then.
    ///
    /// @param time the time from now, not negative
    /// @throws IllegalArgumentException if the time is negative
    /// @throws IllegalStateException with real time
    /// @throws IOException what an action throws
    public void advance(Duration time) throws IOException {
        if (time.isNegative()) {
            throw new IllegalArgumentException("negative: " + time);
        }
        if (kernel.settings.realTime) {
            throw new IllegalStateException("the clock is the real one");
        }
        try (var _ = kernel.acquire()) {
            kernel.clock.advance(nanos(time));
        }
    }

    /// Keeps the clock still, and lets selects block in reality, until the result is closed: another thread is about to
    /// act. Open it before the other thread is told to act, and close it afterwards in any thread.
    ///
    /// @return a new hold
    public Hold hold() {
        kernel.clock.addHold();
        return new Hold() {
            private boolean closed;

            @Override
            public synchronized void close() {
                if (!closed) {
                    closed = true;
                    kernel.clock.removeHold();
                }
            }
        };
    }

    /// Starts a thread that the clock knows: it stands still while the thread runs, except in a select of this
    /// simulation.
    ///
    /// @param <T> type of the result
    /// @param task the code of the thread
    /// @return the result, or the exception of the task
    public <T extends @Nullable Object> Future<T> start(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(
                () -> {
                    try {
                        future.run();
                    } finally {
                        kernel.clock.removeThread(Thread.currentThread());
                    }
                },
                "simulated");
        thread.setDaemon(true);
        kernel.clock.addThread(thread);
        thread.start();
        return future;
    }

    /// Returns a time in nanoseconds: 0 for a negative one, [SimulatedClock#NEVER] for more than 292 years.
    private static long nanos(Duration time) {
        return time.isNegative() ? 0 : time.compareTo(LONGEST) >= 0 ? SimulatedClock.NEVER : time.toNanos();
    }

    /// Describes a time.
    static String time(long nanos) {
        return "time " + Duration.ofNanos(nanos);
    }

    /// Returns the seed, the time and the open descriptors.
    @Override
    public String toString() {
        try (var _ = kernel.acquire()) {
            return "Simulation[seed " + kernel.settings.seed + ", " + time(kernel.clock.now()) + ", open: "
                    + kernel.describe() + "]";
        }
    }
}
