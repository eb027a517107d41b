package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.PollableChannel;
import io.selectors4j.os.IoUring;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.tty.KeyReader;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Buffers of every kind and state in every method that takes a buffer. Only the bytes between position and limit are
/// transferred, no other byte changes, and a refused buffer loses no byte.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class BuffersTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");
    private static final byte MARGIN = 0x5A;
    /// Sizes below, at and above a thread's native buffer.
    private static final int[] SIZES = {1, 100, 1_000, 16 * 1024, 16 * 1024 + 1, 50_000};

    private final Random random = new Random(1);
    private int transfers;

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void fill(ByteBuffer buffer) {
        byte[] margin = new byte[buffer.capacity()];
        Arrays.fill(margin, MARGIN);
        buffer.duplicate().clear().put(margin);
    }

    /// Requires that only a part of the buffer was changed.
    private static void expectMargins(ByteBuffer buffer, int from, int to) {
        byte[] all = bytes(buffer, 0, buffer.capacity());
        for (int i = 0; i < all.length; i++) {
            if ((i < from || i >= to) && all[i] != MARGIN) {
                throw new AssertionError("byte " + i + " was written, outside of " + from + " to " + to);
            }
        }
    }

    private static byte[] bytes(ByteBuffer buffer, int from, int to) {
        byte[] bytes = new byte[to - from];
        buffer.duplicate().clear().get(from, bytes);
        return bytes;
    }

    /// Returns all readable bytes.
    private static byte[] drain(Transport.Channel channel) throws IOException {
        channel.reader().setBlocking(false);
        ByteBuffer target = ByteBuffer.allocate(200_000);
        boolean more = true;
        while (more) {
            int position = target.position();
            channel.reader().read(target);
            more = target.position() > position;
        }
        channel.reader().setBlocking(true);
        return Arrays.copyOf(target.array(), target.position());
    }

    @Test
    void methodsThatTakeABuffer_areAllTested() {
        Set<String> methods = new TreeSet<>();
        for (Class<?> type : PublicApi.classes()) {
            for (Method method : type.getMethods()) {
                // IoUring returns before the transfer; its tests check the bytes outside of position and limit. Fd
                // implements the methods of PollableChannel.
                if (type != IoUring.class
                        && type != KeyReader.class // no native memory
                        && type != PollableChannel.class
                        && List.of(method.getParameterTypes()).contains(ByteBuffer.class)
                        && !method.isBridge()) {
                    methods.add(method.getDeclaringClass().getSimpleName() + "." + method.getName());
                }
            }
        }
        assertThat(methods)
                .containsExactlyInAnyOrder(
                        "Fd.read",
                        "Fd.write",
                        "FileFd.read",
                        "FileFd.write",
                        "SocketFd.receive",
                        "SocketFd.receiveFrom",
                        "SocketFd.getOption",
                        "SocketFd.setOption",
                        "SocketFd.send",
                        "SocketFd.sendTo",
                        "StdinFd.read",
                        "StdinFd.write",
                        "TimerFd.read",
                        "PidFd.read",
                        "PidFd.write");
    }

    @ParameterizedTest
    @EnumSource
    void bytesOutsidePositionAndLimit_stayUnchanged(Transport transport) throws IOException {
        try (Transport.Channel channel = transport.open()) {
            assertThat(drain(channel)).isEmpty();
            for (BufferKind kind : BufferKind.values()) {
                for (int size : SIZES) {
                    if (size <= transport.room()) {
                        write(channel, kind.part(size), size);
                        write(channel, kind.all(size), size);
                        write(channel, kind.part(size).asReadOnlyBuffer(), size);
                        read(transport, channel, kind.part(size), size);
                        read(transport, channel, kind.all(size), size);
                    }
                }
            }
        }
        COUNTS.add("transfers with buffers", transfers);
    }

    private void write(Transport.Channel channel, ByteBuffer source, int size) throws IOException {
        byte[] sent = random(size);
        int from = source.position();
        if (!source.isReadOnly()) {
            fill(source);
            source.put(from, sent);
        } else {
            sent = bytes(source, from, from + size);
        }
        assertThat(channel.out().with(source)).isEqualTo(size);
        assertThat(source.position()).isEqualTo(from + size);
        assertThat(drain(channel)).isEqualTo(sent);
        transfers++;
    }

    /// Reads with more bytes available than the buffer takes.
    private void read(Transport transport, Transport.Channel channel, ByteBuffer target, int size) throws IOException {
        byte[] sent = random(Math.min(transport.room(), 2 * size));
        channel.writer().setBlocking(true);
        channel.out().with(ByteBuffer.wrap(sent));
        fill(target);
        int from = target.position();
        int count = channel.in().with(target);
        assertThat(count).isPositive().isLessThanOrEqualTo(size);
        assertThat(target.position()).isEqualTo(from + count);
        expectMargins(target, from, from + count);
        byte[] received = bytes(target, from, from + count);
        byte[] rest = drain(channel);
        assertThat(received).isEqualTo(Arrays.copyOf(sent, count));
        assertThat(rest)
                .isEqualTo(transport.preservesMessages() ? new byte[0] : Arrays.copyOfRange(sent, count, sent.length));
        transfers++;
    }
}
