package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.fd.ControlMessage.Descriptors;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Descriptors in the control messages of Unix sockets.
@Tag("unix")
class PassedDescriptorsTest {

    @TempDir
    private Path directory;

    private SocketFd.Pair pair;
    private PipeFd.Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        pair = SocketFd.pair(SocketFd.Type.STREAM);
        pipe = PipeFd.open();
    }

    @AfterEach
    void close() throws IOException {
        pipe.close();
        pair.close();
    }

    private static ByteBuffer[] bytes(String text) {
        return new ByteBuffer[] {ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))};
    }

    private static ByteBuffer[] room(int bytes) {
        return new ByteBuffer[] {ByteBuffer.allocate(bytes)};
    }

    private static boolean send(SocketFd socket, Fd... fds) throws IOException {
        return socket.sendMessage(bytes("x"), null, List.of(new Descriptors(List.of(fds))), 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "DATAGRAM", "SEQPACKET"})
    void descriptors_arriveAsNewOnes(SocketFd.Type type) throws IOException {
        try (SocketFd.Pair sockets = SocketFd.pair(type);
                ReceivedMessage message = new ReceivedMessage()) {
            assertThat(send(sockets.first(), pipe.reader(), pair.first())).isTrue();
            assertThat(sockets.second().receiveMessage(room(10), message, 0)).isTrue();

            assertThat(message.count()).isOne();
            assertThat(message.isControlTruncated()).isFalse();
            assertThat(message.control()).isEmpty();
            List<Fd> fds = message.takeDescriptors();
            assertThat(fds).hasSize(2).doesNotContain(pipe.reader(), pair.first());
            assertThat(message.takeDescriptors()).isEmpty();
            try (Fd reader = fds.get(0);
                    SocketFd socket = (SocketFd) fds.get(1)) {
                assertThat(OpenFiles.isInherited(reader.fileno())).isFalse();
                assertThat(OpenFiles.isInherited(socket.fileno())).isFalse();
                assertThat(socket.type()).isEqualTo(SocketFd.Type.STREAM);
                pipe.writer().write(ByteBuffer.wrap(new byte[] {7}));
                ByteBuffer target = ByteBuffer.allocate(2);
                assertThat(reader.read(target)).isOne();
                assertThat(target.get(0)).isEqualTo((byte) 7);
                pair.second().write(ByteBuffer.wrap(new byte[3]));
                assertThat(socket.read(ByteBuffer.allocate(9))).isEqualTo(3);
            }
        }
    }

    @Test
    void descriptorsThatNobodyTakes_areClosed() throws IOException {
        Map<Integer, String> before = OpenFiles.list();
        ReceivedMessage message = new ReceivedMessage();
        send(pair.first(), pipe.reader(), pipe.writer());
        send(pair.first(), pipe.reader());
        pair.second().receiveMessage(room(1), message, 0);
        assertThat(OpenFiles.since(before)).hasSize(2);
        pair.second().receiveMessage(room(1), message, 0);
        assertThat(OpenFiles.since(before)).hasSize(1);
        message.close();
        message.close();
        assertThat(OpenFiles.since(before)).isEmpty();
        assertThat(message.sender()).isNull();
    }

    @Test
    void descriptorsWithoutRoom_areNotOpened() throws IOException {
        Map<Integer, String> before = OpenFiles.list();
        try (ReceivedMessage message = new ReceivedMessage(24)) { // a header and two descriptors
            send(pair.first(), pipe.reader(), pipe.reader(), pipe.reader(), pipe.reader());
            assertThat(pair.second().receiveMessage(room(1), message, 0)).isTrue();
            assertThat(message.isControlTruncated()).isTrue();
            List<Fd> fds = message.takeDescriptors();
            assertThat(OpenFiles.since(before)).hasSize(fds.size());
            for (Fd fd : fds) {
                fd.close();
            }
        }
        try (ReceivedMessage message = new ReceivedMessage(0)) {
            send(pair.first(), pipe.reader());
            assertThat(pair.second().receiveMessage(room(1), message, 0)).isTrue();
            assertThat(message.isControlTruncated()).isTrue();
            assertThat(message.takeDescriptors()).isEmpty();
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    @Tag("linux")
    void manyDescriptors_arriveTogether() throws IOException {
        List<Fd> fds = Collections.nCopies(253, pipe.reader());
        try (ReceivedMessage message = new ReceivedMessage()) {
            pair.first().sendMessage(bytes("x"), null, List.of(new Descriptors(fds)), 0);
            pair.second().receiveMessage(room(1), message, 0);
            assertThat(message.isControlTruncated()).isFalse();
            List<Fd> taken = message.takeDescriptors();
            assertThat(taken).hasSize(253);
            for (Fd fd : taken) {
                fd.close();
            }
        }
        List<Fd> tooMany = Collections.nCopies(254, pipe.reader());
        SocketFdTest.assertErrno(
                "EINVAL", () -> pair.first().sendMessage(bytes("x"), null, List.of(new Descriptors(tooMany)), 0));
        pipe.close(); // every one has been released
        assertThat(pipe.reader().isOpen()).isFalse();
    }

    @Test
    void descriptorOfAStream_comesWithItsByte() throws IOException {
        pair.first().write(bytes("before"));
        send(pair.first(), pipe.reader());
        pair.first().write(bytes("after"));
        try (ReceivedMessage message = new ReceivedMessage()) {
            pair.second().receiveMessage(room(100), message, 0);
            assertThat(message.count()).isBetween(6L, 7L);
            if (message.count() == 6) {
                assertThat(message.takeDescriptors()).isEmpty();
                pair.second().receiveMessage(room(100), message, 0);
            }
            assertThat(message.takeDescriptors()).hasSize(1).allSatisfy(Fd::close);
            pair.second().receiveMessage(room(100), message, 0);
            assertThat(message.count()).isEqualTo(5);
            pair.first().close();
            assertThat(pair.second().receiveMessage(room(100), message, 0)).isTrue();
            assertThat(message.count()).isEqualTo(-1);
        }
    }

    @Test
    void closedDescriptor_isNotPassed() throws IOException {
        pipe.reader().close();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> send(pair.first(), pipe.writer(), pipe.reader()));
        pipe.writer().close();
        assertThat(pipe.writer().isOpen()).isFalse();
        pair.second().setBlocking(false);
        try (ReceivedMessage message = new ReceivedMessage()) {
            assertThat(pair.second().receiveMessage(room(1), message, 0)).isFalse();
            assertThat(message.count()).isZero();
            assertThat(message.sender()).isNull();
        }
    }

    @Test
    void badArguments_areRefused() throws IOException {
        assertThatIllegalArgumentException().isThrownBy(() -> new Descriptors(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReceivedMessage(-1));
        try (ReceivedMessage message = new ReceivedMessage()) {
            ByteBuffer[] readOnly = {ByteBuffer.allocate(1).asReadOnlyBuffer()};
            assertThatIllegalArgumentException().isThrownBy(() -> pair.second().receiveMessage(readOnly, message, 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.second().receiveMessage(room(0), message, 0))
                    .withMessageContaining("no room for a byte");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.second().receiveMessage(room(1), message, SocketFd.MSG_TRUNC));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().sendMessage(new ByteBuffer[0], null, List.of(), 0))
                    .withMessageContaining("no byte");
        }
    }

    @Test
    void fullSocket_sendsNothing() throws IOException {
        pair.first().setBlocking(false);
        ByteBuffer large = ByteBuffer.allocate(100_000);
        while (pair.first().write(large.clear()) > 0) {
            // fills the buffers
        }
        assertThat(send(pair.first(), pipe.reader())).isFalse();
        try (ReceivedMessage message = new ReceivedMessage()) {
            pair.second().setBlocking(false);
            while (pair.second().receiveMessage(new ByteBuffer[] {large.clear()}, message, 0)) {
                assertThat(message.takeDescriptors()).isEmpty();
            }
            assertThat(send(pair.first(), pipe.reader())).isTrue();
            assertThat(pair.second().receiveMessage(room(1), message, 0)).isTrue();
            assertThat(message.takeDescriptors()).hasSize(1).allSatisfy(Fd::close);
        }
    }

    @Test
    void longBytes_advanceTheirBuffers() throws Exception {
        ByteBuffer large = ByteBuffer.allocate(3_000_000);
        try (Background<Long> receiving = Background.start(() -> receiveAll(large.capacity()))) {
            List<ControlMessage> control = List.of(new Descriptors(List.of(pipe.reader())));
            assertThat(pair.first().sendMessage(new ByteBuffer[] {large}, null, control, 0))
                    .isTrue();
            assertThat(large.position()).isPositive();
            while (large.hasRemaining()) {
                pair.first().sendMessage(new ByteBuffer[] {large}, null, List.of(), 0);
            }
            assertThat(receiving.result()).isOne();
        }
    }

    /// Returns the number of descriptors.
    private long receiveAll(int bytes) throws IOException {
        long descriptors = 0;
        try (ReceivedMessage message = new ReceivedMessage()) {
            for (long received = 0; received < bytes; received += message.count()) {
                pair.second().receiveMessage(room(70_000), message, 0);
                for (Fd fd : message.takeDescriptors()) {
                    descriptors++;
                    fd.close();
                }
            }
        }
        return descriptors;
    }

    @Test
    void peekedDescriptors_areDuplicates() throws IOException {
        Map<Integer, String> before = OpenFiles.list();
        send(pair.first(), pipe.reader());
        try (ReceivedMessage message = new ReceivedMessage()) {
            pair.second().receiveMessage(room(1), message, SocketFd.MSG_PEEK);
            List<Fd> peeked = message.takeDescriptors();
            pair.second().receiveMessage(room(1), message, 0);
            assertThat(message.takeDescriptors()).hasSize(1).allSatisfy(Fd::close);
            for (Fd fd : peeked) {
                fd.close();
            }
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    /// The child gets the end of a pipe and writes its process ID into it.
    @Test
    void descriptor_isPassedToAnotherProcess() throws Exception {
        Path path = directory.resolve("socket");
        try (SocketFd server = SocketFd.createServer(UnixDomainSocketAddress.of(path));
                Background<String> child =
                        Background.start(() -> ChildJvm.run(List.of(), PassedDescriptorChild.class, path.toString())
                                .output());
                SocketFd connection = Objects.requireNonNull(server.accept())) {
            send(connection, pipe.writer());
            pipe.writer().close();
            String output = child.result(); // before the read, which would wait for a child that fails
            ByteBuffer text = ByteBuffer.allocate(100);
            pipe.reader().read(text);
            String pid = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
            assertThat(output).isEqualTo("process " + pid + " wrote\n");
            assertThat(Long.parseLong(pid))
                    .isPositive()
                    .isNotEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void passedDescriptor_isReleasedAfterTheCall() throws IOException {
        send(pair.first(), pipe.reader());
        int number = pipe.reader().fileno();
        pipe.reader().close();
        assertThat(Libc.isOpen(number)).isFalse();
    }
}
