package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private PipeFd.Pipe full;
    private PipeFd.Pipe empty;

    @BeforeEach
    void open() throws Exception {
        full = PipeFd.open();
        full.writer().write(ByteBuffer.wrap(new byte[] {1}));
        empty = PipeFd.open();
    }

    @AfterEach
    void close() throws Exception {
        full.close();
        empty.close();
    }

    @Test
    void eachList_holdsItsReadyObjects() throws Exception {
        Select.Ready<Fd> ready = Select.select(
                List.of(empty.reader(), full.reader()),
                List.of(empty.writer(), full.writer()),
                List.of(empty.reader(), full.reader()),
                LONG);
        assertThat(ready.readable()).containsExactly(full.reader());
        assertThat(ready.writable()).containsExactly(empty.writer(), full.writer());
        assertThat(ready.exceptional()).isEmpty();
        assertThat(ready.isEmpty()).isFalse();
    }

    @Test
    void result_keepsOrderAndDuplicates() throws Exception {
        PipeFd reader = full.reader();
        Select.Ready<Fd> ready = Select.select(
                List.of(reader, empty.reader(), reader),
                List.of(full.writer(), empty.writer(), full.writer()),
                List.of(),
                LONG);
        assertThat(ready.readable()).containsExactly(reader, reader);
        assertThat(ready.writable()).containsExactly(full.writer(), empty.writer(), full.writer());
    }

    @Test
    void objectsOfOneDescriptor_areReturnedThemselves() throws Exception {
        int fd = full.reader().fileno();
        Pollable first = () -> fd;
        Pollable second = Pollable.borrow(fd);
        Pollable third = Pollable.borrow(fd);
        List<Pollable> readable = Select.select(List.of(first, second, third), List.of(), List.of(), LONG)
                .readable();
        assertThat(readable).hasSize(3);
        assertThat(readable.get(0)).isSameAs(first);
        assertThat(readable.get(1)).isSameAs(second);
        assertThat(readable.get(2)).isSameAs(third);
    }

    @Test
    void resultLists_areUnmodifiable() throws Exception {
        Select.Ready<PipeFd> ready = Select.select(List.of(full.reader()), List.of(), List.of(), LONG);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> ready.readable().clear());
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 1023, 1024, 1025, 1500, 19_000})
    void descriptor_mayHaveAnyNumber(int number) throws Exception {
        int lowest = (int) Math.min(number, Libc.openFilesLimit() - 1); // a system may allow less
        int fd = Libc.dupAtLeast(full.reader().fileno(), lowest);
        try {
            assertThat(fd).isGreaterThanOrEqualTo(lowest);
            Pollable high = Pollable.borrow(fd);
            Select.Ready<Pollable> ready = Select.select(List.of(empty.reader(), high), List.of(), List.of(), LONG);
            assertThat(ready.readable()).containsExactly(high);
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void endOfFile_isReadable() throws Exception {
        empty.writer().close();
        assertThat(Select.select(List.of(empty.reader()), List.of(), List.of(), LONG)
                        .readable())
                .containsExactly(empty.reader());
    }

    @Test
    void pipeWithoutReader_isWritable() throws Exception {
        empty.reader().close();
        assertThat(Select.select(List.of(), List.of(empty.writer()), List.of(), LONG)
                        .writable())
                .containsExactly(empty.writer());
    }

    @Test
    void urgentData_isExceptional() throws Exception {
        try (SocketFd server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = Objects.requireNonNull(server.accept())) {
            client.send(ByteBuffer.wrap(new byte[] {'!'}), SocketFd.MSG_OOB);
            Select.Ready<SocketFd> ready = Select.select(List.of(), List.of(), List.of(client, accepted), LONG);
            assertThat(ready.exceptional()).containsExactly(accepted);
            assertThat(ready.readable()).isEmpty();
            assertThat(ready.writable()).isEmpty();
        }
    }

    @Test
    void zeroTimeout_doesNotBlock() throws Exception {
        assertThat(Select.select(List.of(empty.reader()), List.of(), List.of(), Duration.ZERO)
                        .isEmpty())
                .isTrue();
        assertThat(Select.select(List.of(full.reader()), List.of(), List.of(), Duration.ZERO)
                        .readable())
                .containsExactly(full.reader());
    }

    @Test
    void nullTimeout_waitsWithoutLimit() throws Exception {
        try (Background<Select.Ready<PipeFd>> waiting =
                Background.start(() -> Select.select(List.of(empty.reader()), List.of(), List.of(), null))) {
            waiting.awaitAsleep();
            empty.writer().write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(waiting.result().readable()).containsExactly(empty.reader());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 999, 50_000, 999_999, 1_000_001, 30_000_000})
    void timeout_isNeverEarly(long nanos) throws Exception {
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertThat(Select.select(List.of(empty.reader()), List.of(), List.of(), Duration.ofNanos(nanos))
                            .isEmpty())
                    .isTrue();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void emptyLists_waitUntilTimeout() throws Exception {
        long start = System.nanoTime();
        assertThat(Select.select(List.of(), List.of(), List.of(), Duration.ofMillis(20))
                        .isEmpty())
                .isTrue();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void hugeTimeout_waits() throws Exception {
        for (Duration huge : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofNanos(Long.MAX_VALUE - 1))) {
            assertThat(Select.select(List.of(full.reader()), List.of(), List.of(), huge)
                            .readable())
                    .containsExactly(full.reader());
            try (Background<?> waiting =
                    Background.start(() -> Select.select(List.of(empty.reader()), List.of(), List.of(), huge))) {
                waiting.awaitAsleep();
                empty.writer().write(ByteBuffer.wrap(new byte[] {1}));
            }
            empty.reader().read(ByteBuffer.allocate(1));
        }
    }

    @Test
    void negativeTimeout_isRejected() {
        for (Duration negative : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Select.select(List.of(full.reader()), List.of(), List.of(), negative))
                    .withMessageContaining("negative");
        }
    }

    @Test
    void closedDescriptor_isNamedInMessage() throws Exception {
        int low = Libc.dupAtLeast(0, 300);
        int high = Libc.dupAtLeast(0, 400);
        int open = Libc.dupAtLeast(0, 500);
        Libc.close(low);
        Libc.close(high);
        try {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> Select.select(
                            List.of(Pollable.borrow(low), full.reader()),
                            List.of(Pollable.borrow(high)),
                            List.of(Pollable.borrow(open)),
                            LONG))
                    .withMessageContaining("EBADF")
                    .withMessageContaining("fd=" + low)
                    .withMessageContaining("fd=" + high)
                    .withMessageNotContaining("fd=" + open)
                    .withMessageNotContaining("fd=" + full.reader().fileno() + ",")
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EBADF"));
        } finally {
            Libc.close(open);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65_536, 5_000_000, Libc.NEVER_OPEN, Integer.MAX_VALUE - 1, Integer.MAX_VALUE})
    void numberBeyondDescriptorTable_failsWithEbadf(int fd) {
        // The kernel ignores bits beyond its descriptor table. Sets for the number would take 3/8 of it in bytes.
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(
                        () -> Select.select(List.of(full.reader(), Pollable.borrow(fd)), List.of(), List.of(), LONG))
                .withMessageContaining("EBADF")
                .withMessageContaining("fd=" + fd);
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> Select.select(List.of(), List.of(), List.of(Pollable.borrow(fd)), LONG))
                .withMessageContaining("fd=" + fd);
    }

    @Test
    void closedObject_isRejected() throws Exception {
        full.reader().close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Select.select(List.of(full.reader()), List.of(), List.of(), LONG))
                .withMessageContaining("closed");
    }

    @Test
    void collection_mayShrinkDuringFileno() throws Exception {
        // CPython once read beyond the end of a list that its fileno() methods shorten.
        List<Pollable> list = new ArrayList<>();
        int fd = full.reader().fileno();
        for (int i = 0; i < 10; i++) {
            list.add(() -> {
                if (!list.isEmpty()) {
                    list.removeLast();
                }
                return fd;
            });
        }
        List<Pollable> requested = List.copyOf(list);
        assertThat(Select.select(list, List.of(), List.of(), LONG).readable()).isEqualTo(requested);
        assertThat(list).isEmpty();
    }

    @Test
    void twoThreads_maySelectAtOnce() throws Exception {
        try (Background<Select.Ready<PipeFd>> one =
                        Background.start(() -> Select.select(List.of(empty.reader()), List.of(), List.of(), null));
                Background<Select.Ready<PipeFd>> two =
                        Background.start(() -> Select.select(List.of(empty.reader()), List.of(), List.of(), null))) {
            one.awaitAsleep();
            two.awaitAsleep();
            empty.writer().write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(one.result().readable()).containsExactly(empty.reader());
            assertThat(two.result().readable()).containsExactly(empty.reader());
        }
    }
}
