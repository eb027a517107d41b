package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static io.selectors4j.nio.TestIo.writeFully;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The two channels of a [Pipe]. [AsyncCloseTest] tests their closing during a call.
class PipeTest extends ProviderTest {

    /// Above IOV_MAX, the most buffers that one system call transfers.
    private static final int MANY_BUFFERS = 1500;

    /// Above the size of a pipe.
    private static final int LARGE = 1_000_000;

    PipeTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Test
    void newPipe_isBlocking() throws Exception {
        Pipe pipe = openPipe();
        assertThat(pipe.source()).isSameAs(pipe.source());
        assertThat(pipe.sink()).isSameAs(pipe.sink());
        assertThat(pipe.source().isBlocking()).isTrue();
        assertThat(pipe.sink().isBlocking()).isTrue();
        assertThat(pipe.source().provider()).isSameAs(provider);
        assertThat(pipe.sink().provider()).isSameAs(provider);
        assertThat(pipe.source().validOps()).isEqualTo(SelectionKey.OP_READ);
        assertThat(pipe.sink().validOps()).isEqualTo(SelectionKey.OP_WRITE);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void read_waitsForBytes(BlockedCall.Kind kind) throws Exception {
        Pipe pipe = openPipe();
        BlockedCall<String> reader =
                own(BlockedCall.start(kind, () -> read(pipe.source(), 5))).awaitBlocked();
        assertThat(pipe.sink().write(bytes("hello"))).isEqualTo(5);
        assertThat(reader.result()).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void largeWrite_arrivesWhole(BlockedCall.Kind kind) throws Exception {
        Pipe pipe = openPipe();
        byte[] sent = new byte[LARGE];
        new Random(1).nextBytes(sent);
        BlockedCall<Void> writer = own(BlockedCall.start(kind, () -> {
            writeFully(pipe.sink(), ByteBuffer.wrap(sent));
            pipe.sink().close();
            return null;
        }));
        ByteBuffer received = ByteBuffer.allocate(LARGE + 1);
        while (pipe.source().read(received) >= 0) {}
        assertThat(received.position()).isEqualTo(LARGE);
        assertThat(Arrays.mismatch(received.array(), 0, LARGE, sent, 0, LARGE)).isEqualTo(-1);
        writer.result();
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void closedSink_endsBlockedRead(BlockedCall.Kind kind) throws Exception {
        Pipe pipe = openPipe();
        BlockedCall<Integer> reader = own(BlockedCall.start(
                        kind, () -> pipe.source().read(ByteBuffer.allocate(1))))
                .awaitBlocked();
        pipe.sink().close();
        assertThat(reader.result()).isEqualTo(-1);
        assertThat(pipe.source().read(new ByteBuffer[] {ByteBuffer.allocate(1)}))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closedSource_breaksWrite(boolean blocking) throws Exception {
        Pipe pipe = openPipe();
        pipe.sink().configureBlocking(blocking);
        pipe.source().close();
        assertThatThrownBy(() -> pipe.sink().write(bytes("x")))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
        assertThatThrownBy(() -> pipe.sink().write(new ByteBuffer[] {bytes("x"), bytes("y")}))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
        assertThat(pipe.sink().isOpen()).isTrue();
    }

    @Test
    void nonBlockingTransfers_returnZero() throws Exception {
        Pipe pipe = openPipe();
        pipe.source().configureBlocking(false);
        assertThat(pipe.source().read(ByteBuffer.allocate(1))).isZero();
        assertThat(pipe.source().read(new ByteBuffer[] {ByteBuffer.allocate(1)}))
                .isZero();
        TestIo.fill(pipe.sink());
        pipe.sink().configureBlocking(false);
        assertThat(pipe.sink().write(ByteBuffer.allocate(1))).isZero();
        assertThat(pipe.sink().write(new ByteBuffer[] {ByteBuffer.allocate(1)})).isZero();
        assertThat(pipe.sink().isBlocking()).isFalse();
        assertThat(pipe.source().isBlocking()).isFalse();
    }

    @Test
    void scatterAndGather_takeManyBuffers() throws Exception {
        Pipe pipe = openPipe();
        ByteBuffer[] sources = new ByteBuffer[MANY_BUFFERS];
        ByteBuffer[] targets = new ByteBuffer[MANY_BUFFERS];
        for (int i = 0; i < MANY_BUFFERS; i++) {
            sources[i] = ByteBuffer.allocate(4).putInt(i).flip();
            targets[i] = ByteBuffer.allocateDirect(4);
        }
        long written = 0;
        long read = 0;
        while (written < 4 * MANY_BUFFERS) {
            written += pipe.sink().write(sources);
        }
        while (read < 4 * MANY_BUFFERS) {
            read += pipe.source().read(targets);
        }
        assertThat(read).isEqualTo(written);
        for (int i = 0; i < MANY_BUFFERS; i++) {
            assertThat(targets[i].flip().getInt()).isEqualTo(i);
        }
    }

    @Test
    void scatterAndGather_useTheGivenRange() throws Exception {
        Pipe pipe = openPipe();
        ByteBuffer[] sources = {bytes("aa"), bytes("bb"), bytes("cc")};
        assertThat(pipe.sink().write(sources, 1, 1)).isEqualTo(2);
        ByteBuffer[] targets = {ByteBuffer.allocate(9), ByteBuffer.allocate(1), ByteBuffer.allocate(9)};
        assertThat(pipe.source().read(targets, 1, 2)).isEqualTo(2);
        assertThat(targets[0].position()).isZero();
        assertThat(targets[2].flip()).isEqualTo(bytes("b"));
    }

    @Test
    void wrongArguments_areRefused() throws Exception {
        Pipe pipe = openPipe();
        ByteBuffer[] two = {bytes("a"), bytes("b")};
        assertThatNullPointerException().isThrownBy(() -> pipe.source().read((ByteBuffer) null));
        assertThatNullPointerException().isThrownBy(() -> pipe.sink().write((ByteBuffer) null));
        assertThatNullPointerException().isThrownBy(() -> pipe.source().read((ByteBuffer[]) null));
        assertThatNullPointerException().isThrownBy(() -> pipe.sink().write((ByteBuffer[]) null));
        for (int[] range : new int[][] {{-1, 1}, {0, -1}, {0, 3}, {2, 1}, {3, 0}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> pipe.source().read(two, range[0], range[1]));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> pipe.sink().write(two, range[0], range[1]));
        }
        ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
        assertThatIllegalArgumentException().isThrownBy(() -> pipe.source().read(readOnly));
    }

    @Test
    void closedChannels_refuseEverything() throws Exception {
        Pipe pipe = openPipe();
        pipe.source().close();
        pipe.sink().close();
        pipe.sink().close();
        assertThatThrownBy(() -> pipe.source().read(ByteBuffer.allocate(1)))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipe.source().read(new ByteBuffer[] {ByteBuffer.allocate(1)}))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipe.sink().write(bytes("x"))).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipe.sink().write(new ByteBuffer[] {bytes("x")}))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipe.source().configureBlocking(false))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipe.sink().configureBlocking(false))
                .isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closedRegisteredSink_isSeenByTheReader() throws IOException {
        Selector selector = openSelector();
        Pipe pipe = openNonBlockingPipe();
        pipe.sink().configureBlocking(false);
        SelectionKey key = pipe.sink().register(selector, SelectionKey.OP_WRITE);
        assertThat(selector.select()).isOne();
        pipe.sink().close();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThat(pipe.source().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
}
