package io.selectors4j.stress.faults;

import static io.selectors4j.stress.faults.DescriptorFaultsTest.act;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.close;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.everyCallFails;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.make;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.ControlMessage;
import io.selectors4j.fd.DatagramBatch;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.stress.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every call fails in every way, as in [DescriptorFaultsTest]: transfers with several buffers, sendfile, messages,
/// multicast groups, dup2.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class TransferFaultsTest {

    private static final int BYTES = 90;
    private static final int BUFFERS = 3;
    private static final InetAddress GROUP = InetAddress.ofLiteral("239.1.2.3");
    private static final InetAddress SENDER = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private static byte[] data() {
        byte[] data = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            data[i] = (byte) i;
        }
        return data;
    }

    /// Returns the parts of an array, heap and direct.
    private static ByteBuffer[] buffers(byte[] data) {
        int size = BYTES / BUFFERS;
        ByteBuffer[] buffers = new ByteBuffer[BUFFERS];
        for (int i = 0; i < BUFFERS; i++) {
            ByteBuffer part = ByteBuffer.wrap(data, i * size, size).slice();
            buffers[i] = i == 1 ? ByteBuffer.allocateDirect(size).put(part).flip() : part;
        }
        return buffers;
    }

    private static long position(ByteBuffer[] buffers) {
        return Arrays.stream(buffers)
                .mapToLong(buffer -> BYTES / BUFFERS - buffer.remaining())
                .sum();
    }

    private static byte[] content(ByteBuffer[] buffers) {
        ByteBuffer all = ByteBuffer.allocate(BYTES);
        for (ByteBuffer buffer : buffers) {
            all.put(buffer.flip());
        }
        return all.array();
    }

    /// Transfers bytes with any number of short or failing calls.
    private static void transfer(FaultRun run, GatheringByteChannel from, ScatteringByteChannel to) throws Exception {
        ByteBuffer[] sent = buffers(data());
        long before = 0;
        while (before < BYTES) {
            Long count = run.call(() -> from.write(sent));
            assertThat(position(sent) - before).isEqualTo(count == null ? 0 : count);
            before = position(sent);
        }
        ByteBuffer[] received = buffers(new byte[BYTES]);
        before = 0;
        while (before < BYTES) { // the descriptor is blocking, but the bytes have arrived
            Long count = run.call(() -> to.read(received));
            assertThat(position(received) - before).isEqualTo(count == null ? 0 : count);
            before = position(received);
        }
        assertThat(content(received)).isEqualTo(data());
    }

    @Test
    void scatterAndGather_everyCallFails() throws Exception {
        everyCallFails(run -> {
            PipeFd.Pipe pipe = make(run, PipeFd::open);
            SocketFd.Pair pair = make(run, () -> SocketFd.pair(SocketFd.Type.STREAM));
            transfer(run, pipe.writer(), pipe.reader());
            transfer(run, pair.first(), pair.second());
            close(run, pair.first());
            close(run, pair.second());
            close(run, pipe.writer());
            close(run, pipe.reader());
        });
    }

    @Test
    void sendFile_everyCallFails() throws Exception {
        Path path = Files.write(directory.resolve("sent"), data());
        everyCallFails(run -> {
            FileFd file = make(run, () -> FileFd.open(path, FileFd.O_RDONLY));
            SocketFd.Pair pair = make(run, () -> SocketFd.pair(SocketFd.Type.STREAM));
            long[] sent = {0};
            while (sent[0] < BYTES) {
                Long count = run.call(() -> pair.first().sendFile(file, sent[0], BYTES - sent[0]));
                sent[0] += count == null ? 0 : count;
            }
            ByteBuffer received = ByteBuffer.allocate(BYTES);
            while (received.hasRemaining()) {
                run.call(() -> pair.second().read(received));
            }
            assertThat(received.array()).isEqualTo(data());
            close(run, pair.first());
            close(run, pair.second());
            close(run, file);
        });
    }

    @Test
    void messages_everyCallFails_noDescriptorIsLost() throws Exception {
        everyCallFails(run -> {
            PipeFd.Pipe pipe = make(run, PipeFd::open);
            SocketFd.Pair pair = make(run, () -> SocketFd.pair(SocketFd.Type.STREAM));
            List<ControlMessage> control =
                    List.of(new ControlMessage.Descriptors(List.of(pipe.reader(), pair.first())));
            ByteBuffer[] sent = buffers(data());
            while (position(sent) < BYTES) {
                List<ControlMessage> rest = position(sent) == 0 ? control : List.of();
                long before = position(sent);
                Boolean success = run.call(() -> pair.first().sendMessage(sent, null, rest, 0));
                assertThat(position(sent) > before).isEqualTo(Boolean.TRUE.equals(success));
            }
            ByteBuffer[] received = buffers(new byte[BYTES]);
            ReceivedMessage message = new ReceivedMessage();
            List<Fd> descriptors = new ArrayList<>();
            while (position(received) < BYTES) {
                run.call(() -> pair.second().receiveMessage(received, message, 0));
                descriptors.addAll(message.takeDescriptors());
            }
            assertThat(content(received)).isEqualTo(data());
            assertThat(descriptors).hasSize(2);
            for (Fd descriptor : descriptors) {
                close(run, descriptor);
            }
            close(run, pair.first());
            close(run, pair.second());
            close(run, pipe.writer());
            close(run, pipe.reader());
        });
    }

    @Test
    void batchesOfMessages_everyCallFails() throws Exception {
        everyCallFails(run -> {
            SocketFd.Pair pair = make(run, () -> SocketFd.pair(SocketFd.Type.DATAGRAM));
            DatagramBatch batch = DatagramBatch.allocate(3, BYTES);
            for (int i = 0; i < batch.capacity(); i++) {
                batch.buffer(i).clear().limit(i + 1);
            }
            int sent = 0;
            while (sent < batch.capacity()) {
                int offset = sent;
                Integer count = run.call(() -> batch.send(pair.first(), offset, batch.capacity() - offset, 0));
                sent += count == null ? 0 : count;
            }
            int received = 0;
            while (received < batch.capacity()) {
                Integer count = run.call(() -> batch.receive(pair.second(), 0));
                for (int i = 0; count != null && i < count; i++) {
                    received++;
                    assertThat(batch.buffer(i).remaining()).isEqualTo(received);
                }
            }
            close(run, pair.first());
            close(run, pair.second());
        });
    }

    @Test
    void multicastAndDisconnect_everyCallFails() throws Exception {
        NetworkInterface loopback = Objects.requireNonNull(NetworkInterface.getByInetAddress(SENDER));
        everyCallFails(run -> {
            SocketFd socket = make(run, () -> SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
            act(run, () -> socket.joinGroup(GROUP, loopback));
            act(run, () -> socket.blockSource(GROUP, loopback, SENDER));
            act(run, () -> socket.unblockSource(GROUP, loopback, SENDER));
            act(run, () -> socket.leaveGroup(GROUP, loopback));
            act(run, () -> socket.joinGroup(GROUP, loopback, SENDER));
            act(run, () -> socket.leaveGroup(GROUP, loopback, SENDER));
            InetSocketAddress peer = new InetSocketAddress(SENDER, 9);
            act(run, () -> socket.connect(peer));
            assertThat(socket.remoteAddress()).isEqualTo(peer);
            act(run, socket::disconnect);
            assertThat(make(run, socket::available)).isZero();
            close(run, socket);
        });
    }

    @Test
    void dup2_everyCallFails() throws Exception {
        everyCallFails(run -> {
            PipeFd.Pipe pipe = make(run, PipeFd::open);
            PipeFd.Pipe other = make(run, PipeFd::open);
            int number = other.writer().fileno();
            act(run, () -> pipe.writer().dup2(number, false));
            assertThat(other.writer().write(ByteBuffer.allocate(1))).isOne();
            assertThat(pipe.reader().read(ByteBuffer.allocate(2))).isOne();
            for (Fd fd : new Fd[] {pipe.reader(), pipe.writer(), other.reader(), other.writer()}) {
                close(run, fd);
            }
        });
    }
}
