package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Registers, unregisters, opens and closes at random, so that each number has many owners, and checks that no event
/// reaches a wrong key. The data of the key identify the connection, and so do the bytes that arrive on it.
///
/// `-Dreuse.rounds=1000000` makes a long run of it.
@Tag("system")
@Timeout(7200)
class ReuseStressContractTest extends ContractTest {

    /// Reads by number do not see the bytes of a batched socket.
    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isBatched())
                .toList();
    }

    private static final int ROUNDS = Integer.getInteger("reuse.rounds", 60_000);
    private static final int SLOTS = 16;
    private static final int MAX_DUPLICATES = 8;
    private static final int MAX_UNREAD = 4;
    private static final List<Ownership> OWNERSHIPS = List.of(Ownership.LIBRARY, Ownership.RAW, Ownership.CUSTOM);

    ReuseStressContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// How the descriptor of a connection is owned.
    private enum Ownership {
        LIBRARY,
        RAW,
        CUSTOM
    }

    /// One connection. With `RAW` and `CUSTOM`, the selector is not told when it closes.
    private static final class Connection {

        final long generation;
        final Ownership ownership;
        final int slot;
        final Pollable fileobj;
        final int fd;
        final SocketFd peer;
        private final ByteBuffer message = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        int unread;
        boolean reads = true;

        Connection(long generation, Ownership ownership, int slot) throws IOException {
            this.generation = generation;
            this.ownership = ownership;
            this.slot = slot;
            SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
            pair.first().setBlocking(false);
            peer = pair.second();
            if (ownership == Ownership.LIBRARY) {
                fileobj = pair.first();
                fd = pair.first().fileno();
            } else {
                fd = Libc.dup(pair.first().fileno());
                pair.first().close();
                fileobj = ownership == Ownership.RAW ? Pollable.borrow(fd) : new CustomPollable(fd);
            }
        }

        void write() throws IOException {
            message.clear().putLong(0, generation);
            assertThat(peer.write(message)).isEqualTo(Long.BYTES);
            unread++;
        }

        void close() throws IOException {
            switch (fileobj) {
                case SocketFd socket -> socket.close();
                case CustomPollable custom -> {
                    Libc.close(fd);
                    custom.fd = -1;
                }
                default -> Libc.close(fd);
            }
            peer.close();
        }
    }

    /// Random operations in one thread, with the exact result expected of each select.
    private static final class RandomRun implements AutoCloseable {

        private final Selector<Connection> selector;
        private final Random random;
        private final @Nullable Connection[] slots = new @Nullable Connection[SLOTS];
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment buffer = arena.allocate(ValueLayout.JAVA_LONG);
        private final Set<Connection> delivered = new HashSet<>();
        private final Deque<Integer> duplicates = new ArrayDeque<>();
        private final Set<Integer> numbers = new HashSet<>();
        private long generations;

        RandomRun(Selector<Connection> selector, long seed) {
            this.selector = selector;
            this.random = new Random(seed);
        }

        void run(int rounds) throws IOException {
            for (int round = 0; round < rounds; round++) {
                int slot = random.nextInt(SLOTS);
                Connection connection = slots[slot];
                if (connection == null) {
                    open(slot);
                } else {
                    changeOne(connection);
                }
                if (round % 3 == 0) {
                    selectAndCheck();
                }
            }
            assertThat(numbers).as("numbers for %s connections", generations).hasSizeLessThan(8 * SLOTS);
        }

        private void open(int slot) throws IOException {
            Ownership ownership = OWNERSHIPS.get(random.nextInt(OWNERSHIPS.size()));
            Connection connection = new Connection(generations++, ownership, slot);
            numbers.add(connection.fd);
            selector.register(connection.fileobj, Interest.READ, connection);
            slots[slot] = connection;
        }

        private void changeOne(Connection connection) throws IOException {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    if (connection.unread < MAX_UNREAD) {
                        connection.write();
                    }
                }
                case 4 -> {
                    connection.reads = !connection.reads;
                    boolean urgent = random.nextBoolean() && selector.backend().supports(Interest.PRIORITY);
                    Interest without = urgent ? Interest.PRIORITY : Interest.NONE;
                    selector.modify(connection.fileobj, connection.reads ? Interest.READ : without, connection);
                }
                case 5 -> {
                    selector.unregister(connection.fileobj);
                    selector.register(connection.fileobj, Interest.READ, connection);
                    connection.reads = true;
                }
                case 6, 7 -> {
                    assertThat(selector.unregister(connection.fileobj).data()).isSameAs(connection);
                    connection.close();
                    slots[connection.slot] = null;
                }
                default -> {
                    closeUnregistered(connection);
                    if (slots[connection.slot] == null && random.nextBoolean()) {
                        open(connection.slot);
                    }
                }
            }
        }

        /// Closes a registered descriptor. In a quarter of the cases a duplicate keeps its open file and unread data
        /// alive.
        private void closeUnregistered(Connection connection) throws IOException {
            if (random.nextInt(4) == 0) {
                duplicates.add(Libc.dup(connection.fd));
                if (duplicates.size() > MAX_DUPLICATES) {
                    Libc.close(duplicates.remove());
                }
            }
            connection.close();
            slots[connection.slot] = null;
            if (connection.ownership != Ownership.CUSTOM || random.nextBoolean()) {
                assertThat(selector.unregister(connection.fileobj).data()).isSameAs(connection);
            } else {
                // The next owner of the number replaces the key.
                Connection next = new Connection(generations++, Ownership.CUSTOM, connection.slot);
                if (next.fd == connection.fd) {
                    selector.register(next.fileobj, Interest.READ, next);
                    slots[next.slot] = next;
                } else {
                    next.close();
                    selector.unregister(connection.fileobj);
                }
            }
        }

        private void selectAndCheck() throws IOException {
            delivered.clear();
            selector.select(Duration.ZERO, this::onReady);
            for (Connection connection : slots) {
                if (connection != null) {
                    boolean expected = connection.reads && connection.unread > 0;
                    if (delivered.remove(connection)) {
                        connection.unread--;
                    } else {
                        assertThat(expected)
                                .as("generation %s is ready", connection.generation)
                                .isFalse();
                    }
                }
            }
            assertThat(delivered).as("delivered after they were closed").isEmpty();
        }

        private void onReady(SelectorKey<Connection> key, Readiness readiness) {
            Connection connection = key.data();
            assertThat(slots[connection.slot]).as("the connection of %s", key).isSameAs(connection);
            assertThat(readiness.events()).isSameAs(Interest.READ);
            assertThat(readiness.isHangup()).isFalse();
            assertThat(Libc.readLong(key.fd(), buffer)).as("read on %s", key).isEqualTo(connection.generation);
            assertThat(delivered.add(connection)).isTrue();
        }

        @Override
        public void close() throws IOException {
            arena.close();
            duplicates.forEach(Libc::close);
            for (Connection connection : slots) {
                if (connection != null) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void noEventReachesAWrongKey() throws IOException {
        try (RandomRun run = new RandomRun(open(), 1)) {
            run.run(ROUNDS);
        }
    }

    /// A connection shared by a thread that selects and reads and a thread that performs all other operations.
    private static final class SharedConnection {

        final long generation;
        final SocketFd socket;
        final SocketFd peer;
        volatile boolean written;
        volatile long lastSelect = Long.MAX_VALUE;

        SharedConnection(long generation) throws IOException {
            this.generation = generation;
            SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
            pair.first().setBlocking(false);
            pair.second().setBlocking(false);
            socket = pair.first();
            peer = pair.second();
        }

        void write(ByteBuffer message) throws IOException {
            written = true;
            peer.write(message.clear().putLong(0, generation));
        }
    }

    @Test
    void noEventReachesAWrongKeyWhileAnotherThreadSelects() throws Exception {
        Selector<SharedConnection> selector = open();
        AtomicLong selects = new AtomicLong();
        AtomicLong deliveries = new AtomicLong();
        ByteBuffer received = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        Background<Void> select = Background.start(() -> {
            while (true) {
                long now = selects.incrementAndGet();
                selector.select(null, (key, readiness) -> {
                    SharedConnection connection = key.data();
                    assertThat(connection.lastSelect)
                            .as("the last select of %s", key)
                            .isGreaterThanOrEqualTo(now);
                    assertThat(connection.written).as("%s is ready", key).isTrue();
                    if (receive(connection, received)) {
                        assertThat(received.getLong(0)).isEqualTo(connection.generation);
                        deliveries.incrementAndGet();
                    }
                });
            }
        });
        Random random = new Random(2);
        @Nullable SharedConnection[] slots = new @Nullable SharedConnection[SLOTS];
        ByteBuffer message = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        for (int round = 0; round < ROUNDS && select.isRunning(); round++) {
            int slot = random.nextInt(SLOTS);
            SharedConnection connection = slots[slot];
            if (connection == null) {
                SharedConnection opened = new SharedConnection(round);
                selector.register(opened.socket, Interest.READ, opened);
                slots[slot] = opened;
            } else if (random.nextInt(3) < 2) {
                connection.write(message);
            } else {
                if (random.nextBoolean()) {
                    selector.unregister(connection.socket);
                    connection.lastSelect = selects.get();
                }
                connection.socket.close();
                connection.lastSelect = Math.min(connection.lastSelect, selects.get());
                connection.peer.close();
                slots[slot] = null;
            }
        }
        SharedConnection last = new SharedConnection(ROUNDS);
        selector.register(last.socket, Interest.READ, last);
        last.write(message);
        while (deliveries.get() == 0 && select.isRunning()) { // few rounds may end without an event
            Thread.onSpinWait();
        }
        selector.close();
        assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
        assertThat(deliveries).hasPositiveValue();
        last.socket.close();
        last.peer.close();
        for (SharedConnection connection : slots) {
            if (connection != null) {
                connection.socket.close();
                connection.peer.close();
            }
        }
    }

    private static boolean receive(SharedConnection connection, ByteBuffer received) throws IOException {
        try {
            int count = connection.socket.read(received.clear());
            assertThat(count)
                    .as("bytes of generation %s", connection.generation)
                    .isEqualTo(Long.BYTES);
            return true;
        } catch (ClosedChannelException e) {
            assertThat(connection.socket.isOpen()).isFalse();
            return false;
        }
    }
}
