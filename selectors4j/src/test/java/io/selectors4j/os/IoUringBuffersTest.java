package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IoUringBuffersTest extends IoUringFixture {

    private static final int COUNT = 4;
    private static final int SIZE = 8;

    private IoUringBuffers buffers;

    @BeforeEach
    void provide() throws Exception {
        buffers = ring.provideBuffers(COUNT, SIZE);
    }

    @AfterEach
    void unregister() {
        buffers.unregister();
        buffers.unregister();
    }

    private void write(String text) throws Exception {
        b.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private int receive() throws Exception {
        assertThat(ring.submitAndWait(LONG, completions)).isEqualTo(1);
        return completions.bufferId(0);
    }

    @Test
    void recv_takesABuffer() throws Exception {
        ring.recv(a, buffers, 0, 0, 1);
        assertThat(ring.submitAndWait(NOW, completions)).isZero();
        write("abc");
        int id = receive();
        assertThat(completions.hasMore(0)).isFalse();
        ByteBuffer received = buffers.get(id, completions.result(0));
        assertThat(text(received)).isEqualTo("abc");
        assertThat(buffers.get(id, SIZE)).isSameAs(received);
        buffers.release(id);
        assertThat(buffers.count()).isEqualTo(COUNT);
    }

    @Test
    void recvMultishot_takesABufferEachTime() throws Exception {
        ring.recvMultishot(a, buffers, 0, 0, 1);
        ring.submit();
        for (int i = 0; i < 3 * COUNT; i++) {
            write("message" + i % 10);
            int id = receive();
            assertThat(completions.hasMore(0)).isTrue();
            assertThat(text(buffers.get(id, completions.result(0)))).isEqualTo("message" + i % 10);
            buffers.release(id);
        }
        b.close();
        assertThat(receive()).isEqualTo(-1);
        assertThat(completions.hasMore(0)).isFalse();
        assertThat(completions.result(0)).isZero();
    }

    @Test
    void recvWithoutBuffers_completesWithEnobufs() throws Exception {
        ring.recvMultishot(a, buffers, 0, 0, 1);
        write("x".repeat(COUNT * SIZE + 1));
        List<Integer> taken = new ArrayList<>();
        boolean more = true;
        while (more) {
            assertThat(ring.submitAndWait(LONG, completions)).isPositive();
            for (int i = 0; i < completions.size(); i++) {
                more = completions.hasMore(i);
                if (completions.bufferId(i) >= 0) {
                    assertThat(completions.result(i)).isEqualTo(SIZE);
                    taken.add(completions.bufferId(i));
                } else {
                    assertThat(completions.result(i)).isEqualTo(errno("ENOBUFS"));
                }
            }
        }
        assertThat(taken).containsExactlyInAnyOrder(0, 1, 2, 3);
        buffers.release(2);
        ring.recv(a, buffers, 0, 0, 2);
        assertThat(receive()).isEqualTo(2);
        assertThat(text(buffers.get(2, completions.result(0)))).isEqualTo("x");
    }

    @Test
    void bufferOfTheKernel_isRefused() throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(() -> buffers.release(0))
                .withMessage("buffer 0 belongs to the kernel");
        assertThatIllegalStateException().isThrownBy(() -> buffers.get(0, 1));
        ring.recv(a, buffers, 0, 0, 1);
        write("x");
        int id = receive();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffers.get(id, SIZE + 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffers.get(id, -1));
        buffers.release(id);
        assertThatIllegalStateException().isThrownBy(() -> buffers.release(id));
        for (int none : new int[] {-1, COUNT, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffers.release(none));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffers.get(none, 1));
        }
    }

    @Test
    void groups_areIndependent() throws Exception {
        IoUringBuffers other = ring.provideBuffers(1, 100);
        ring.recv(a, other, 0, 0, 1);
        write("0123456789");
        assertThat(receive()).isZero();
        assertThat(completions.result(0)).isEqualTo(10);
        assertThat(text(other.get(0, 10))).isEqualTo("0123456789");
        assertThatIllegalStateException().isThrownBy(() -> buffers.get(0, 1));
        try (IoUring another = IoUring.create(1)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> another.recv(a, buffers, 0, 0, 1))
                    .withMessage("buffers of another instance");
        }
    }

    @Test
    void unregisteredBuffers_areRefused() throws Exception {
        ring.recv(a, buffers, 0, 0, 1);
        ring.recvMultishot(b, buffers, 0, 0, 2);
        ring.submit();
        buffers.unregister();
        assertThatIllegalStateException()
                .isThrownBy(() -> ring.recv(a, buffers, 0, 0, 3))
                .withMessage("unregistered buffers");
        IoUringBuffers next = ring.provideBuffers(1, 4);
        write("ab");
        a.write(ByteBuffer.wrap(new byte[2]));
        assertThat(await(2)).containsEntry(1L, errno("ENOBUFS")).containsEntry(2L, errno("ENOBUFS"));
        ring.recv(a, next, 0, 0, 3);
        assertThat(receive()).isZero();
        assertThat(text(next.get(0, 2))).isEqualTo("ab");
    }

    @Test
    void closedRing_leavesTheBytes() throws Exception {
        ring.recv(a, buffers, 0, 0, 1);
        write("abc");
        int id = receive();
        ring.close();
        assertThat(text(buffers.get(id, 3))).isEqualTo("abc");
        buffers.release(id);
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> ring.provideBuffers(1, 1));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> ring.recv(a, buffers, 0, 0, 1));
    }

    @ParameterizedTest
    @CsvSource({"0, 8", "-1, 8", "3, 8", "65536, 1", "8, 0", "8, -1", "32768, 65536", "4, 536870912"})
    void numberOutOfRange_isRefused(int count, int size) {
        assertThatIllegalArgumentException().isThrownBy(() -> ring.provideBuffers(count, size));
    }
}
