package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Urgent data: [Socket#sendUrgentData] and [Socket#setOOBInline].
class OutOfBandTest extends ProviderTest {

    OutOfBandTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inlineData_isReadInOrder(boolean blocking) throws Exception {
        Pair pair = openPair();
        pair.accepted().socket().setOOBInline(true);
        pair.client().configureBlocking(blocking);
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            pair.client().write(bytes("text" + i));
            pair.client().socket().sendUrgentData('a' + i % 26);
            sent.append("text").append(i).append((char) ('a' + i % 26));
        }
        assertThat(read(pair.accepted(), sent.length())).isEqualTo(sent.toString());
    }

    @Test
    void otherData_isDiscarded() throws Exception {
        Pair pair = openPair();
        pair.client().write(bytes("before"));
        pair.client().socket().sendUrgentData('!');
        pair.client().write(bytes("after"));
        assertThat(read(pair.accepted(), 11)).isEqualTo("beforeafter");
    }

    @Test
    void lowestByte_isSent() throws Exception {
        Pair pair = openPair();
        pair.accepted().socket().setOOBInline(true);
        pair.client().socket().sendUrgentData(0x1FF);
        pair.client().socket().sendUrgentData(-256);
        assertThat(pair.accepted().socket().getInputStream().read()).isEqualTo(255);
        assertThat(pair.accepted().socket().getInputStream().read()).isZero();
    }

    @Test
    void inlineData_isSelected() throws Exception {
        Pair pair = openPair();
        pair.accepted().socket().setOOBInline(true);
        pair.accepted().configureBlocking(false);
        Selector selector = openSelector();
        SelectionKey key = pair.accepted().register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        pair.client().socket().sendUrgentData('u');
        assertThat(selector.select(60_000)).isOne();
        assertThat(key.isReadable()).isTrue();
        assertThat(read(pair.accepted(), 1)).isEqualTo("u");
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void fullBuffer_refusesNonBlockingData() throws Exception {
        Pair pair = openPair();
        Socket socket = pair.client().socket();
        TestIo.fill(pair.client());
        pair.client().configureBlocking(false);
        assertThatThrownBy(() -> sendUntilRefused(socket))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Socket buffer full");
        assertThat(pair.client().isOpen()).isTrue();
    }

    @Test
    void fullBuffer_blocksUntilClose() throws Exception {
        Pair pair = openPair();
        TestIo.fill(pair.client());
        BlockedCall<Void> sender = own(BlockedCall.<Void>start(BlockedCall.Kind.PLATFORM, () -> {
                    sendUntilRefused(pair.client().socket());
                    return null;
                }))
                .awaitBlocked();
        pair.client().close();
        assertThat(sender.failure()).isInstanceOf(ClosedChannelException.class);
    }

    private static void sendUntilRefused(Socket socket) throws IOException {
        while (true) {
            socket.sendUrgentData(1);
        }
    }

    @Test
    void state_isChecked() throws Exception {
        Socket unconnected = own(provider.openSocketChannel()).socket();
        assertThatExceptionOfType(NotYetConnectedException.class).isThrownBy(() -> unconnected.sendUrgentData(1));
        Socket shutDown = openPair().client().socket();
        shutDown.shutdownOutput();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> shutDown.sendUrgentData(1));
        shutDown.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> shutDown.sendUrgentData(1));
    }
}
