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
import io.selectors4j.fd.NativeSocketOptions;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.TcpInfo;
import io.selectors4j.fd.Transfer;
import io.selectors4j.stress.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every call fails in every way, as in [DescriptorFaultsTest]: transfers with several buffers, at positions and in the
/// kernel, messages, multicast groups, dup2.
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

    /// Copies with the calls of the kernel, and with reads and writes where they fail.
    @Test
    void copy_everyCallFails() throws Exception {
        Path path = Files.write(directory.resolve("copied"), data());
        everyCallFails(run -> {
            FileFd file = make(run, () -> FileFd.open(path, FileFd.O_RDONLY));
            FileFd second = make(run, () -> FileFd.memfd("second"));
            PipeFd.Pipe pipe = make(run, PipeFd::open);
            SocketFd.Pair pair = make(run, () -> SocketFd.pair(SocketFd.Type.STREAM));
            SocketFd.Pair last = make(run, () -> SocketFd.pair(SocketFd.Type.STREAM));
            last.first().setBlocking(false);
            copy(run, file, second);
            act(run, () -> second.position(0));
            copy(run, second, pipe.writer());
            copy(run, pipe.reader(), pair.first());
            copy(run, pair.second(), last.first());
            ByteBuffer received = ByteBuffer.allocate(BYTES);
            while (received.hasRemaining()) {
                run.call(() -> last.second().read(received));
            }
            assertThat(received.array()).isEqualTo(data());
            for (Fd fd : new Fd[] {
                file, second, pipe.reader(), pipe.writer(), pair.first(), pair.second(), last.first(), last.second()
            }) {
                close(run, fd);
            }
        });
    }

    private static void copy(FaultRun run, Fd source, Fd target) throws Exception {
        long copied = 0;
        while (copied < BYTES) {
            long missing = BYTES - copied;
            Long count = run.call(() -> Transfer.copy(source, target, missing));
            assertThat(count == null || count >= 0)
                    .as("not at the end of the data")
                    .isTrue();
            copied += count == null ? 0 : count;
        }
    }

    @Test
    void kernelTransfers_everyCallFails() throws Exception {
        long here = Transfer.CURRENT_POSITION;
        Path path = Files.write(directory.resolve("moved"), data());
        everyCallFails(run -> {
            FileFd file = make(run, () -> FileFd.open(path, FileFd.O_RDONLY));
            FileFd copy = make(run, () -> FileFd.memfd("copy"));
            PipeFd.Pipe pipe = make(run, PipeFd::open);
            PipeFd.Pipe second = make(run, PipeFd::open);
            repeat(run, from -> Transfer.splice(file, from, pipe.writer(), here, BYTES - from, 0));
            Long teed = run.call(() -> Transfer.tee(pipe.reader(), second.writer(), BYTES, 0));
            assertThat(make(run, () -> second.reader().available())).isEqualTo(teed == null ? 0 : teed.intValue());
            repeat(run, from -> Transfer.splice(pipe.reader(), here, copy, from, BYTES - from, 0));
            repeat(run, from -> Transfer.copyFileRange(copy, from, copy, BYTES + from, BYTES - from));
            repeat(run, from -> Transfer.sendFile(copy, from, pipe.writer(), BYTES - from));
            assertThat(make(run, () -> pipe.reader().available())).isEqualTo(BYTES);
            ByteBuffer content = ByteBuffer.allocate(2 * BYTES);
            while (content.hasRemaining()) {
                run.call(() -> copy.read(content, content.position()));
            }
            assertThat(content.flip().slice(0, BYTES)).isEqualTo(ByteBuffer.wrap(data()));
            assertThat(content.slice(BYTES, BYTES)).isEqualTo(ByteBuffer.wrap(data()));
            for (Fd fd : new Fd[] {file, copy, pipe.reader(), pipe.writer(), second.reader(), second.writer()}) {
                close(run, fd);
            }
        });
    }

    private interface PartialCall {
        long from(long position) throws IOException;
    }

    /// Repeats a call until it has transferred all bytes.
    private static void repeat(FaultRun run, PartialCall call) throws IOException {
        long moved = 0;
        while (moved < BYTES) {
            long from = moved;
            Long count = run.call(() -> call.from(from));
            moved += count == null ? 0 : count;
        }
        assertThat(moved).isEqualTo(BYTES);
    }

    @Test
    void positions_everyCallFails() throws Exception {
        everyCallFails(run -> {
            FileFd file = make(run, () -> FileFd.memfd("positions"));
            for (ByteBuffer source : new ByteBuffer[] {
                ByteBuffer.wrap(data()),
                ByteBuffer.allocateDirect(BYTES).put(data()).flip()
            }) {
                while (source.hasRemaining()) {
                    int before = source.position();
                    Integer count = run.call(() -> file.write(source, before));
                    assertThat(source.position() - before).isEqualTo(count == null ? 0 : count);
                }
            }
            act(run, () -> file.force(false));
            act(run, () -> file.force(true));
            assertThat(make(run, () -> file.position())).isZero();
            act(run, () -> file.position(BYTES));
            assertThat(make(run, () -> file.size())).isEqualTo(BYTES);
            act(run, () -> file.truncate(BYTES - 1));
            assertThat(make(run, () -> file.position())).isEqualTo(BYTES - 1);
            ByteBuffer target = ByteBuffer.allocateDirect(BYTES - 1);
            while (target.hasRemaining()) {
                run.call(() -> file.read(target, target.position()));
            }
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(data(), 0, BYTES - 1));
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
    void socketOptions_everyCallFails() throws Exception {
        everyCallFails(run -> {
            SocketFd socket = make(run, () -> SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM));
            byte[] linger = {1, 0, 0, 0, 7, 0, 0, 0};
            act(run, () -> socket.setOption(1, 13, linger)); // SOL_SOCKET, SO_LINGER
            assertThat(make(run, () -> socket.getOption(1, 13, 100))).isEqualTo(linger);
            act(run, () -> socket.setOption(1, 13, new byte[8]));
            Duration timeout = Duration.ofSeconds(5);
            act(run, () -> socket.setOption(NativeSocketOptions.SO_RCVTIMEO, timeout));
            assertThat(make(run, () -> socket.getOption(NativeSocketOptions.SO_RCVTIMEO)))
                    .isEqualTo(timeout);
            assertThat(make(run, () -> TcpInfo.of(socket)).state()).isEqualTo(TcpInfo.State.CLOSE);
            close(run, socket);
        });
    }

    @Test
    void ioctl_everyCallFails() throws Exception {
        everyCallFails(run -> {
            PipeFd.Pipe pipe = make(run, PipeFd::open);
            byte[] count = {9, 9, 9, 9};
            Integer result = run.call(() -> pipe.reader().ioctl(0x541B, count)); // FIONREAD
            assertThat(count).isEqualTo(result == null ? new byte[] {9, 9, 9, 9} : new byte[4]);
            act(run, () -> pipe.reader().ioctl(0x5451)); // FIOCLEX
            close(run, pipe.reader());
            close(run, pipe.writer());
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
