package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.windows.AfdLibc;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.SimulatedAfd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the contract does not determine: failures of AFD, the number of calls, and sockets that other code closes.
@Timeout(Expect.TEST_SECONDS)
class AfdSelectorTest {

    private static final int NO_MEMORY = 0xC000009A;
    private static final int NUMBER = 3_200;

    private final SimulatedAfd afd = new SimulatedAfd();
    private final Selector<String> selector = AfdSelector.open(new AfdLibc(afd.lookup()));
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    AfdSelectorTest() throws IOException {}

    @AfterEach
    void closeAll() throws Exception {
        afd.succeed("NtDeviceIoControlFile");
        selector.close();
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
        assertThat(afd.failure()).isNull();
        assertThat(afd.openHandles()).isZero();
    }

    private ConnectedPair pair() throws IOException {
        ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
        owned.push(pair);
        return pair;
    }

    private ConnectedPair readablePair() throws IOException {
        ConnectedPair pair = pair();
        pair.write(1);
        return pair;
    }

    /// Gives a socket another number, as its only one.
    private static Pollable raw(Fd socket) throws IOException {
        Libc.dupOnto(socket.fileno(), NUMBER);
        socket.close();
        return Pollable.borrow(NUMBER);
    }

    private static void expectErrno(int errno, Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        NativeIOException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Nested
    class Calls {

        @Test
        void idleKey_isNotAskedForAgain() throws IOException {
            selector.register(pair().reader(), Interest.READ, "idle");
            int before = afd.polls();
            for (int i = 0; i < 10; i++) {
                expectNothing(selector);
            }
            assertThat(afd.polls()).isEqualTo(before);
        }

        @Test
        void readyKey_isAskedForOnceEachSelect() throws IOException {
            selector.register(readablePair().reader(), Interest.READ, "ready");
            assertThat(selector.select()).hasSize(1);
            int before = afd.polls();
            for (int i = 0; i < 10; i++) {
                assertThat(selector.select()).hasSize(1);
            }
            assertThat(afd.polls()).isEqualTo(before + 10);
        }

        @Test
        void conditionThatPassesBetweenSelects_isNotReported() throws IOException {
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            pair.drain();
            expectNothing(selector);
            pair.write(1);
            pair.drain();
            expectNothing(selector);
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void cancellationByOtherCode_isNoEvent() throws Exception {
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            expectNothing(selector);
            try (Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep()) {
                afd.cancelAll();
                pair.write(1);
                assertThat(select.result()).hasSize(1);
            }
        }

        @Test
        void refusedConnect_isWritableAndInError() throws IOException {
            InetSocketAddress address;
            try (SocketFd server =
                    SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
                address = (InetSocketAddress) server.localAddress();
            }
            SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
            owned.push(client);
            client.setBlocking(false);
            selector.register(client, Interest.READ_WRITE, "client");
            expectNothing(selector);
            assertThat(client.connect(address)).isFalse();
            Readiness readiness = expectReady(selector, client, Interest.READ_WRITE);
            assertThat(readiness.nativeMask()).isEqualTo(PollMask.OUT | PollMask.ERR | PollMask.HUP);
            assertThatThrownBy(client::finishConnect).isInstanceOf(IOException.class);
        }
    }

    @Nested
    class ClosedSockets {

        @Test
        void closedSocket_isInvalidUntilModified() throws IOException {
            Pollable raw = raw((Fd) pair().reader());
            selector.register(raw, Interest.READ, "raw");
            Libc.close(NUMBER);
            for (int i = 0; i < 3; i++) {
                assertThat(expectReady(selector, raw, Interest.READ).isInvalid())
                        .isTrue();
            }
            assertThatThrownBy(() -> selector.modify(raw, Interest.WRITE, "again"))
                    .satisfies(e -> expectErrno(Libc.EBADF, e));
            assertThat(expectReady(selector, raw, Interest.READ).isInvalid()).isTrue();
            ConnectedPair next = pair();
            raw((Fd) next.reader());
            assertThat(expectReady(selector, raw, Interest.READ).isInvalid())
                    .as("the new owner is not watched")
                    .isTrue();
            selector.modify(raw, Interest.WRITE, "again");
            assertThat(expectReady(selector, raw, Interest.WRITE).isInvalid()).isFalse();
            selector.unregister(raw);
            Libc.close(NUMBER);
        }

        @Test
        void closedSocketWithADuplicate_isInvalidWithTheNextEvent() throws IOException {
            ConnectedPair pair = pair();
            Pollable raw = raw(((Fd) pair.reader()).dup());
            selector.register(raw, Interest.READ, "raw");
            Libc.close(NUMBER);
            expectNothing(selector);
            pair.write(1);
            assertThat(expectReady(selector, raw, Interest.READ).isInvalid()).isTrue();
            selector.unregister(raw);
        }

        @Test
        void closedBetweenEventAndSelect_isInvalid() throws IOException {
            Pollable raw = raw((Fd) readablePair().reader());
            selector.register(raw, Interest.READ, "raw");
            assertThat(expectReady(selector, raw, Interest.READ).isInvalid()).isFalse();
            Libc.close(NUMBER);
            assertThat(expectReady(selector, raw, Interest.READ).isInvalid()).isTrue();
            selector.modify(raw, Interest.NONE, "none");
            expectNothing(selector);
            selector.unregister(raw);
        }
    }

    @Nested
    class LackOfMemory {

        @Test
        void failedRegister_leavesNothing() throws IOException {
            ConnectedPair pair = readablePair();
            afd.fail("NtDeviceIoControlFile", NO_MEMORY);
            assertThatThrownBy(() -> selector.register(pair.reader(), Interest.READ, "data"))
                    .isInstanceOf(NativeIOException.class)
                    .hasMessageContaining("ENOMEM");
            assertThat(selector.getMap()).isEmpty();
            afd.succeed("NtDeviceIoControlFile");
            selector.register(pair.reader(), Interest.READ, "data");
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void failedModify_leavesTheKeyAsItWas() throws Exception {
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            expectNothing(selector);
            try (Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep()) {
                afd.fail("NtDeviceIoControlFile", NO_MEMORY);
                assertThatThrownBy(() -> selector.modify(pair.reader(), Interest.WRITE, "other"))
                        .isInstanceOf(NativeIOException.class)
                        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
                assertThat(select.failure()).isInstanceOf(NativeIOException.class);
            }
            afd.succeed("NtDeviceIoControlFile");
            expectNothing(selector);
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void failedSelect_losesNoKey() throws IOException {
            ConnectedPair one = readablePair();
            ConnectedPair two = readablePair();
            selector.register(one.reader(), Interest.READ, "one");
            selector.register(two.reader(), Interest.READ, "two");
            assertThat(selector.select()).hasSize(2);
            afd.fail("NtDeviceIoControlFile", NO_MEMORY);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> selector.select(PATIENCE))
                        .isInstanceOf(NativeIOException.class)
                        .hasMessageContaining("ENOMEM");
            }
            afd.succeed("NtDeviceIoControlFile");
            assertThat(selector.select()).hasSize(2);
        }
    }
}
