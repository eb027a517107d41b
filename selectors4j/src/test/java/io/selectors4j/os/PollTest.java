package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PollTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration NOW = Duration.ZERO;

    private final Poll poll = Poll.create();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int revents(List<PollEvent> events, Pollable fileobj) {
        return events.stream()
                .filter(event -> event.fd() == fileobj.fileno())
                .mapToInt(PollEvent::revents)
                .findFirst()
                .orElse(0);
    }

    @Test
    void manyPipes_passOneMessageEach() throws Exception {
        List<PipeFd.Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            PipeFd.Pipe pipe = PipeFd.open();
            pipes.add(pipe);
            poll.register(pipe.reader());
            poll.modify(pipe.reader(), Poll.POLLIN);
            poll.register(pipe.writer(), Poll.POLLOUT);
        }
        Set<Integer> written = new HashSet<>();
        Set<Integer> read = new HashSet<>();
        for (int round = 0; read.size() < pipes.size(); round++) {
            assertThat(round).isLessThan(1000);
            List<PollEvent> events = poll.poll(LONG);
            assertThat(events).isNotEmpty();
            for (PipeFd.Pipe pipe : pipes) {
                int fd = pipe.writer().fileno();
                if ((revents(events, pipe.writer()) & Poll.POLLOUT) != 0 && written.add(fd)) {
                    pipe.writer().write(bytes("message"));
                    poll.unregister(pipe.writer());
                    break;
                }
                if ((revents(events, pipe.reader()) & Poll.POLLIN) != 0
                        && read.add(pipe.reader().fileno())) {
                    ByteBuffer target = ByteBuffer.allocate(10);
                    assertThat(pipe.reader().read(target)).isEqualTo(7);
                    poll.unregister(pipe.reader());
                    break;
                }
            }
        }
        assertThat(poll.poll(NOW)).isEmpty();
        for (PipeFd.Pipe pipe : pipes) {
            pipe.close();
        }
    }

    @Test
    void closedDescriptor_isInvalidUntilUnregistered() throws Exception {
        int fd = Libc.dupAtLeast(0, 300);
        Libc.close(fd);
        poll.register(Pollable.borrow(fd), Poll.POLLIN);
        for (int i = 0; i < 2; i++) {
            assertThat(poll.poll(null)).containsExactly(new PollEvent(fd, Poll.POLLNVAL));
        }
        poll.unregister(Pollable.borrow(fd));
        assertThat(poll.poll(NOW)).isEmpty();
    }

    @Test
    void closedDescriptor_isUnregisteredByNumber() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            int fd = pipe.reader().fileno();
            poll.register(pipe.reader());
            pipe.reader().close();
            assertThat(poll.poll(LONG)).containsExactly(new PollEvent(fd, Poll.POLLNVAL));
            assertThatIllegalArgumentException().isThrownBy(() -> poll.unregister(pipe.reader()));
            poll.unregister(Pollable.borrow(fd));
            assertThat(poll.poll(NOW)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65_536, Libc.NEVER_OPEN, Integer.MAX_VALUE})
    void anyNumber_mayBeRegistered(int fd) throws Exception {
        poll.register(Pollable.borrow(fd), Poll.POLLIN);
        assertThat(poll.poll(LONG)).containsExactly(new PollEvent(fd, Poll.POLLNVAL));
    }

    @Test
    void regularFile_isAlwaysReady(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        try (var fd = FileFd.open(file, FileFd.O_RDWR)) {
            poll.register(fd);
            assertThat(poll.poll(LONG)).containsExactly(new PollEvent(fd.fileno(), Poll.POLLIN | Poll.POLLOUT));
        }
    }

    @Test
    void closedPipeWriter_isHangupAfterData() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            poll.register(pipe.reader(), Poll.POLLIN);
            pipe.writer().write(bytes("last"));
            pipe.writer().close();
            assertThat(revents(poll.poll(LONG), pipe.reader())).isEqualTo(Poll.POLLIN | Poll.POLLHUP);
            pipe.reader().read(ByteBuffer.allocate(10));
            assertThat(revents(poll.poll(LONG), pipe.reader())).isEqualTo(Poll.POLLHUP);
        }
    }

    @Test
    void pipeWithoutReader_isInError() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            poll.register(pipe.writer(), 0);
            assertThat(poll.poll(NOW)).isEmpty();
            pipe.reader().close();
            assertThat(revents(poll.poll(LONG), pipe.writer())).isEqualTo(Poll.POLLERR);
        }
    }

    @Test
    void emptyMask_reportsHangupOnly() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            poll.register(pipe.reader(), 0);
            pipe.writer().write(bytes("x"));
            assertThat(poll.poll(NOW)).isEmpty();
            pipe.writer().close();
            assertThat(revents(poll.poll(LONG), pipe.reader())).isEqualTo(Poll.POLLHUP);
        }
    }

    @Test
    void defaultEvents_areReadWriteAndPriority() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            poll.register(pair.first());
            assertThat(revents(poll.poll(LONG), pair.first())).isEqualTo(Poll.POLLOUT);
            pair.second().write(bytes("x"));
            assertThat(revents(poll.poll(LONG), pair.first())).isEqualTo(Poll.POLLIN | Poll.POLLOUT);
        }
        try (Tcp tcp = new Tcp()) {
            Poll other = Poll.create();
            other.register(tcp.accepted);
            tcp.client.send(bytes("!"), SocketFd.MSG_OOB);
            other.modify(tcp.accepted, Poll.POLLPRI);
            other.poll(LONG);
            other.register(tcp.accepted, Poll.POLLIN | Poll.POLLPRI | Poll.POLLOUT);
            assertThat(revents(other.poll(LONG), tcp.accepted) & Poll.POLLPRI).isEqualTo(Poll.POLLPRI);
        }
    }

    /// A connection over the loopback interface.
    private static final class Tcp implements AutoCloseable {

        final SocketFd server;
        final SocketFd client;
        final SocketFd accepted;

        Tcp() throws IOException {
            server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            client = SocketFd.createConnection(server.localAddress());
            accepted = Objects.requireNonNull(server.accept());
        }

        @Override
        public void close() throws IOException {
            server.close();
            client.close();
            accepted.close();
        }
    }

    @Test
    void readAndWriteFlags_areReported() throws Exception {
        try (Tcp tcp = new Tcp()) {
            poll.register(tcp.accepted, Poll.POLLRDNORM);
            tcp.client.write(bytes("x"));
            assertThat(revents(poll.poll(LONG), tcp.accepted)).isEqualTo(Poll.POLLRDNORM);
            poll.modify(tcp.accepted, Poll.POLLWRNORM);
            assertThat(revents(poll.poll(LONG), tcp.accepted)).isEqualTo(Poll.POLLWRNORM);
            poll.modify(tcp.accepted, Poll.POLLRDHUP);
            assertThat(poll.poll(NOW)).isEmpty();
            tcp.client.shutdownOutput();
            assertThat(revents(poll.poll(LONG), tcp.accepted)).isEqualTo(Poll.POLLRDHUP);
            tcp.accepted.shutdownOutput();
            assertThat(revents(poll.poll(LONG), tcp.accepted)).isEqualTo(Poll.POLLRDHUP | Poll.POLLHUP);
            poll.unregister(tcp.accepted);
        }
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) { // TCP has no bands
            poll.register(pair.first(), Poll.POLLWRBAND);
            assertThat(revents(poll.poll(LONG), pair.first())).isEqualTo(Poll.POLLWRBAND);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POLLIN, 1",
        "POLLPRI, 2",
        "POLLOUT, 4",
        "POLLERR, 8",
        "POLLHUP, 16",
        "POLLNVAL, 32",
        "POLLRDNORM, 64",
        "POLLRDBAND, 128",
        "POLLWRNORM, 256",
        "POLLWRBAND, 512",
        "POLLMSG, 1024",
        "POLLRDHUP, 8192"
    })
    void constants_haveValuesOfCHeader(String name, int value) throws Exception {
        assertThat(Poll.class.getField(name).getInt(null)).isEqualTo(value);
    }

    @Test
    void resetConnection_isErrorAndHangup() throws Exception {
        try (Tcp tcp = new Tcp()) {
            tcp.client.setOption(StandardSocketOptions.SO_LINGER, 0);
            tcp.client.close();
            poll.register(tcp.accepted, 0);
            assertThat(revents(poll.poll(LONG), tcp.accepted)).isEqualTo(Poll.POLLERR | Poll.POLLHUP);
        }
    }

    @Test
    void secondRegister_replacesFlags() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            poll.register(pair.first(), Poll.POLLIN);
            assertThat(poll.poll(NOW)).isEmpty();
            poll.register(pair.first(), Poll.POLLOUT);
            assertThat(poll.poll(LONG))
                    .containsExactly(new PollEvent(pair.first().fileno(), Poll.POLLOUT));
            poll.unregister(pair.first());
            assertThat(poll.poll(NOW)).isEmpty();
        }
    }

    @Test
    void unknownDescriptor_throwsNotRegistered() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThatExceptionOfType(NotRegisteredException.class)
                    .isThrownBy(() -> poll.modify(pipe.reader(), Poll.POLLIN))
                    .satisfies(e -> assertThat(e.fileobj()).isSameAs(pipe.reader()));
            assertThatExceptionOfType(NotRegisteredException.class).isThrownBy(() -> poll.unregister(pipe.reader()));
            poll.register(pipe.reader());
            poll.unregister(pipe.reader());
            assertThatExceptionOfType(NotRegisteredException.class).isThrownBy(() -> poll.unregister(pipe.reader()));
            assertThat(poll.poll(NOW)).isEmpty();
        }
    }

    @Test
    void unregister_keepsOtherDescriptors() throws Exception {
        List<PipeFd.Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            PipeFd.Pipe pipe = PipeFd.open();
            pipe.writer().write(bytes("x"));
            poll.register(pipe.reader(), Poll.POLLIN);
            pipes.add(pipe);
        }
        Set<Integer> registered =
                new HashSet<>(pipes.stream().map(pipe -> pipe.reader().fileno()).toList());
        for (int i : new int[] {0, 39, 17, 38, 1}) {
            PipeFd reader = pipes.get(i).reader();
            poll.unregister(reader);
            registered.remove(reader.fileno());
            assertThat(poll.poll(LONG)).extracting(PollEvent::fd).containsExactlyInAnyOrderElementsOf(registered);
        }
        poll.modify(pipes.get(20).reader(), 0);
        registered.remove(pipes.get(20).reader().fileno());
        assertThat(poll.poll(LONG)).extracting(PollEvent::fd).containsExactlyInAnyOrderElementsOf(registered);
        for (PipeFd.Pipe pipe : pipes) {
            pipe.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1_0000, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void maskBeyondSixteenBits_isRejected(int mask) throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThatIllegalArgumentException().isThrownBy(() -> poll.register(pipe.reader(), mask));
            poll.register(pipe.reader(), 0xFFFF);
            assertThatIllegalArgumentException().isThrownBy(() -> poll.modify(pipe.reader(), mask));
        }
    }

    @Test
    void closedObject_isRejected() throws Exception {
        PipeFd.Pipe pipe = PipeFd.open();
        pipe.close();
        assertThatIllegalArgumentException().isThrownBy(() -> poll.register(pipe.reader()));
        assertThatIllegalArgumentException().isThrownBy(() -> poll.modify(pipe.reader(), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> poll.unregister(pipe.reader()));
    }

    @Test
    void negativeOrNullTimeout_waitsWithoutLimit() throws Exception {
        Duration[] endless = {null, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE), Duration.ofDays(1 << 30)};
        for (@Nullable Duration timeout : endless) {
            try (PipeFd.Pipe pipe = PipeFd.open();
                    Background<List<PollEvent>> waiting = Background.start(() -> {
                        Poll own = Poll.create();
                        own.register(pipe.reader(), Poll.POLLIN);
                        return own.poll(timeout);
                    })) {
                waiting.awaitAsleep();
                pipe.writer().write(bytes("x"));
                assertThat(waiting.result()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 999, 50_000, 999_999, 1_000_001, 30_000_000})
    void timeout_isNeverEarly(long nanos) throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            poll.register(pipe.reader());
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                assertThat(poll.poll(Duration.ofNanos(nanos))).isEmpty();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
            }
        }
    }

    @Test
    void emptySet_waitsUntilTimeout() throws Exception {
        long start = System.nanoTime();
        assertThat(poll.poll(Duration.ofMillis(20))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void secondThread_isRejectedByEveryMethod() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            poll.register(pipe.reader(), Poll.POLLIN);
            try (Background<List<PollEvent>> waiting = Background.start("first-one", () -> poll.poll(null))) {
                waiting.awaitAsleep();
                Thread second = Thread.currentThread();
                List<ThrowingCallable> uses = List.of(
                        () -> poll.poll(NOW),
                        () -> poll.register(pipe.writer()),
                        () -> poll.modify(pipe.reader(), 0),
                        () -> poll.unregister(pipe.reader()));
                for (var use : uses) {
                    assertThatIllegalStateException()
                            .isThrownBy(use)
                            .withMessageContaining("first-one")
                            .withMessageContaining(second.getName());
                }
                pipe.writer().write(bytes("x"));
                assertThat(waiting.result()).hasSize(1);
            }
            // Afterwards it can be used again.
            assertThat(poll.poll(NOW)).hasSize(1);
        }
    }

    @Test
    void failedCall_leavesObjectUsable() throws Exception {
        assertThatExceptionOfType(NotRegisteredException.class).isThrownBy(() -> poll.unregister(Pollable.borrow(1)));
        assertThat(Background.run(() -> poll.poll(NOW))).isEmpty();
    }

    @Test
    void event_hasFlags() {
        PollEvent event = new PollEvent(3, Poll.POLLIN | Poll.POLLHUP);
        assertThat(event.has(Poll.POLLIN)).isTrue();
        assertThat(event.has(Poll.POLLIN | Poll.POLLHUP)).isTrue();
        assertThat(event.has(Poll.POLLIN | Poll.POLLERR)).isFalse();
    }
}
