package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

@Tag("system")
class SocketReadinessContractTest extends ContractTest {

    SocketReadinessContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Returns whether the backend reports more than readable, writable and exceptional, as `select` does not.
    private boolean distinguishesEvents() {
        return backend.backend() != Backend.SELECT;
    }

    private static void expectErrno(String name, Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        NativeIOException.class, e -> assertThat(e.errnoName()).isEqualTo(Expect.errnoName(name)));
    }

    private SocketFd connecting(SocketAddress address) throws IOException {
        SocketFd client = own(SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM));
        client.setBlocking(false);
        assertThat(client.connect(address)).isFalse();
        return client;
    }

    /// Returns whether the backend cannot wait for urgent data, and checks that it says so.
    private boolean refusesUrgent(Selector<String> selector, ConnectedPair pair, Interest events) {
        if (backend.supports(events)) {
            return false;
        }
        assertThatThrownBy(() -> selector.register(pair.reader(), events, "data"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("SELECT and AFD");
        return true;
    }

    private static void sendUrgent(ConnectedPair pair) throws IOException {
        assertThat(((SocketFd) pair.writer()).send(ByteBuffer.allocate(1), SocketFd.MSG_OOB))
                .isEqualTo(1);
    }

    private static void receiveUrgent(ConnectedPair pair) throws IOException {
        assertThat(((SocketFd) pair.reader()).receive(ByteBuffer.allocate(1), SocketFd.MSG_OOB))
                .isEqualTo(1);
    }

    @Nested
    class Connecting {

        @Test
        void pendingConnection_makesTheListenerReadable() throws IOException {
            Selector<String> selector = open();
            SocketFd server = own(SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8));
            server.setBlocking(false);
            selector.register(server, Interest.READ, "server");
            expectNothing(selector);

            own(SocketFd.createConnection(server.localAddress()));
            own(SocketFd.createConnection(server.localAddress()));

            expectReady(selector, server, Interest.READ);
            own(Objects.requireNonNull(server.accept()));
            expectReady(selector, server, Interest.READ);
            own(Objects.requireNonNull(server.accept()));
            expectNothing(selector);
            assertThat(server.accept()).isNull();
        }

        @Test
        void successfulConnect_isWritable() throws IOException {
            Selector<String> selector = open();
            SocketFd server = own(SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8));
            SocketFd client = connecting(server.localAddress());

            selector.register(client, Interest.WRITE, "client");

            Readiness readiness = expectReady(selector, client, Interest.WRITE);
            assertThat(readiness.isError()).isFalse();
            assertThat(readiness.isHangup()).isFalse();
            assertThat(client.finishConnect()).isTrue();
        }

        @Test
        void refusedConnect_isWritableAndInError() throws IOException {
            Selector<String> selector = open();
            SocketFd server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
            SocketAddress address = server.localAddress();
            server.close();
            SocketFd client = connecting(address);

            selector.register(client, Interest.WRITE, "client");

            expectReady(selector, client, Interest.WRITE); // the error is reported first, then the hangup
            Readiness readiness = expectReady(selector, client, Interest.WRITE);
            assertThat(readiness.isError()).isEqualTo(backend.reportsSocketErrors());
            boolean wsapoll = backend.backend() == Backend.POLL && Platform.IS_WINDOWS;
            assertThat(readiness.isHangup()).isEqualTo(distinguishesEvents() && !wsapoll);
            String errno = backend.isLibkqueue() ? "ENOTCONN" : "ECONNREFUSED"; // libkqueue consumes the error
            assertThatThrownBy(client::finishConnect).satisfies(e -> expectErrno(errno, e));
        }
    }

    @Nested
    class ShutDownOrReset {

        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.SOCKET_PAIR, ConnectedPair.Kind.PACKETS, ConnectedPair.Kind.TCP})
        void halfClosedPeer_isReadableAndWritable(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "reader");
            pair.write(2);

            ((SocketFd) pair.writer()).shutdownOutput();

            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ);
            int count = 0;
            if (Platform.IS_WINDOWS) { // it may report the end only after the data were read
                count = pair.drain();
                readiness = expectReady(selector, pair.reader(), Interest.READ);
            }
            while (distinguishesEvents() && !readiness.isReadClosed()) { // TCP reports it after the data
                readiness = expectReady(selector, pair.reader(), Interest.READ);
            }
            assertThat(readiness.isReadClosed()).isEqualTo(distinguishesEvents());
            assertThat(readiness.isHangup()).isFalse();
            assertThat(readiness.isError()).isFalse();
            assertThat(count == 0 ? pair.drain() : count).isEqualTo(2);
            assertThat(pair.drain()).isEqualTo(-1);

            selector.modify(pair.reader(), Interest.READ_WRITE, "reader");
            expectReady(selector, pair.reader(), Interest.READ_WRITE);
            selector.unregister(pair.reader());
            selector.register(pair.writer(), Interest.READ, "writer");
            expectNothing(selector);
            assertThat(pair.reader().write(ByteBuffer.allocate(1))).isEqualTo(1);
            expectReady(selector, pair.writer(), Interest.READ);
        }

        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.SOCKET_PAIR, ConnectedPair.Kind.TCP})
        void halfClosedPeer_doesNotWakeAWriter(ConnectedPair.Kind kind) throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            pair.fill();
            selector.register(pair.writer(), Interest.WRITE, "data");

            ((SocketFd) pair.reader()).shutdownOutput();

            expectIdle(selector);
        }

        /// Shutting down the sending half of a connection leaves nothing to read.
        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.TCP, ConnectedPair.Kind.SOCKET_PAIR})
        void shutDownForWriting_isWritableAndNotReadable(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.writer(), Interest.READ_WRITE, "data");

            ((SocketFd) pair.writer()).shutdownOutput();

            Readiness readiness = expectReady(selector, pair.writer(), Interest.WRITE);
            assertThat(readiness.isReadable()).isFalse();
            assertThat(readiness.isReadClosed()).isFalse();
            ((SocketFd) pair.reader()).write(ByteBuffer.allocate(1));
            expectReady(selector, pair.writer(), Interest.READ_WRITE);
        }

        /// On Windows, a read then fails, and nothing reports it.
        @Test
        void shutDownForReading_isReadable() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            selector.register(pair.reader(), Interest.READ, "data");

            ((SocketFd) pair.reader()).shutdownInput();

            if (Platform.IS_WINDOWS) {
                expectNothing(selector);
                return;
            }
            expectReady(selector, pair.reader(), Interest.READ);
            assertThat(pair.drain()).isEqualTo(-1);
            assertThat(selector.select(PATIENCE)).hasSize(1);
        }

        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.SOCKET_PAIR, ConnectedPair.Kind.PACKETS})
        void closedPeer_isReadableAndWritable(ConnectedPair.Kind kind) throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            pair.fill();
            selector.register(pair.writer(), Interest.READ_WRITE, "data");
            expectNothing(selector);

            pair.reader().close();

            Readiness readiness = expectReady(selector, pair.writer(), Interest.READ_WRITE);
            assertThat(readiness.isHangup()).isEqualTo(distinguishesEvents());
        }

        @Test
        void resetConnection_hasErrorAndHangup() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            selector.register(pair.reader(), Interest.READ, "data");
            ((SocketFd) pair.writer()).setOption(StandardSocketOptions.SO_LINGER, 0);

            pair.writer().close();

            expectReady(selector, pair.reader(), Interest.READ); // the error is reported first, then the hangup
            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ);
            assertThat(readiness.isError()).isEqualTo(backend.reportsSocketErrors());
            assertThat(readiness.isHangup()).isEqualTo(backend.reportsHangupsToReaders() || backend.isAfd());
            selector.modify(pair.reader(), Interest.READ_WRITE, "data");
            Readiness both = expectReady(selector, pair.reader(), Interest.READ_WRITE);
            assertThat(both.isHangup()).isEqualTo(distinguishesEvents());
            if (!backend.isLibkqueue()) { // libkqueue consumes the error
                assertThatThrownBy(pair::drain).satisfies(e -> expectErrno("ECONNRESET", e));
            }
        }

        @Test
        void resetConnection_wakesAWriter() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            pair.fill();
            // The select of Windows reports the reset to readers if there is no room.
            boolean readersOnly = backend.backend() == Backend.SELECT && Platform.IS_WINDOWS;
            selector.register(pair.writer(), readersOnly ? Interest.READ_WRITE : Interest.WRITE, "data");
            expectNothing(selector);
            ((SocketFd) pair.reader()).setOption(StandardSocketOptions.SO_LINGER, 0);

            pair.reader().close();

            assertThat(selector.select(PATIENCE))
                    .singleElement()
                    .satisfies(
                            ready -> assertThat(readersOnly || ready.readiness().isWritable())
                                    .isTrue());
        }
    }

    @Nested
    class Messages {

        @Test
        void urgentData_isPriorityAndNotReadable() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            if (refusesUrgent(selector, pair, Interest.READ.or(Interest.PRIORITY))) {
                return;
            }
            selector.register(pair.reader(), Interest.READ.or(Interest.PRIORITY), "data");

            sendUrgent(pair);

            Readiness readiness = expectReady(selector, pair.reader(), Interest.PRIORITY);
            assertThat(readiness.isPriority()).isTrue();
            assertThat(readiness.isReadable()).isFalse();
            assertThat(readiness.nativeMask()).isEqualTo(2); // POLLPRI
            receiveUrgent(pair);
            expectNothing(selector);
        }

        @Test
        void urgentAndOrdinaryData_areBothReported() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            if (refusesUrgent(selector, pair, Interest.READ.or(Interest.PRIORITY))) {
                return;
            }
            selector.register(pair.reader(), Interest.READ.or(Interest.PRIORITY), "data");

            pair.write(3);
            sendUrgent(pair);

            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ.or(Interest.PRIORITY));
            assertThat(readiness.isPriority()).isTrue();
            assertThat(readiness.isReadable()).isTrue();
            receiveUrgent(pair);
            expectReady(selector, pair.reader(), Interest.READ);
            assertThat(pair.drain()).isEqualTo(3);
            expectNothing(selector);
        }

        @Test
        void priorityInterest_ignoresOrdinaryData() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            if (refusesUrgent(selector, pair, Interest.PRIORITY)) {
                return;
            }
            selector.register(pair.reader(), Interest.PRIORITY, "data");

            pair.write(3);
            expectNothing(selector);
            sendUrgent(pair);

            expectReady(selector, pair.reader(), Interest.PRIORITY);
        }

        @Test
        void readInterest_ignoresUrgentData() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            selector.register(pair.reader(), Interest.READ, "data");

            sendUrgent(pair);

            expectNothing(selector);
        }

        @Test
        void emptyDatagram_isReadable() throws IOException {
            Selector<String> selector = open();
            SocketFd receiver = own(SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
            SocketFd sender = own(SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
            receiver.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            selector.register(receiver, Interest.READ, "data");
            expectNothing(selector);

            sender.sendTo(ByteBuffer.allocate(0), receiver.localAddress(), 0);

            expectReady(selector, receiver, Interest.READ);
            assertThat(receiver.read(ByteBuffer.allocate(10))).isZero();
            expectNothing(selector);
        }
    }
}
