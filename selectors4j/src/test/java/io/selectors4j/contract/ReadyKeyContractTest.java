package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The accessors of [ReadyKey], which delegate to the key and its readiness.
class ReadyKeyContractTest extends ContractTest {

    ReadyKeyContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Waits for the only key of a selector and checks that each accessor delegates.
    private static ReadyKey<String> expectDelegation(Selector<String> selector) throws IOException {
        ReadyKey<String> ready = selector.select(PATIENCE).getFirst();
        SelectorKey<String> key = ready.key();
        Readiness readiness = ready.readiness();
        assertThat(ready.fileobj()).isSameAs(key.fileobj());
        assertThat(ready.fd()).isEqualTo(key.fd());
        assertThat(ready.data()).isSameAs(key.data());
        assertThat(ready.events()).isSameAs(readiness.events());
        assertThat(ready.isReadable()).isEqualTo(readiness.isReadable());
        assertThat(ready.isWritable()).isEqualTo(readiness.isWritable());
        assertThat(ready.isPriority()).isEqualTo(readiness.isPriority());
        assertThat(ready.isReadClosed()).isEqualTo(readiness.isReadClosed());
        assertThat(ready.isHangup()).isEqualTo(readiness.isHangup());
        assertThat(ready.isError()).isEqualTo(readiness.isError());
        assertThat(ready.isInvalid()).isEqualTo(readiness.isInvalid());
        return ready;
    }

    private ReadyKey<String> registerAndExpect(PollableChannel fd, Interest events) throws IOException {
        Selector<String> selector = open();
        selector.register(fd, events, "data");
        ReadyKey<String> ready = expectDelegation(selector);
        assertThat(ready.fileobj()).isSameAs(fd);
        assertThat(ready.fd()).isEqualTo(fd.fileno());
        assertThat(ready.data()).isEqualTo("data");
        return ready;
    }

    @Test
    void data_isReadable() throws IOException {
        ReadyKey<String> ready = registerAndExpect(readablePair().reader(), Interest.READ);

        assertThat(ready.events()).isSameAs(Interest.READ);
        assertThat(ready.isReadable()).isTrue();
        assertThat(ready.isWritable()).isFalse();
        assertThat(ready.isPriority()).isFalse();
        assertThat(ready.isReadClosed()).isFalse();
        assertThat(ready.isHangup()).isFalse();
        assertThat(ready.isError()).isFalse();
        assertThat(ready.isInvalid()).isFalse();
    }

    @Test
    void room_isWritable() throws IOException {
        ReadyKey<String> ready = registerAndExpect(pair().writer(), Interest.READ_WRITE);

        assertThat(ready.events()).isSameAs(Interest.WRITE);
        assertThat(ready.isWritable()).isTrue();
        assertThat(ready.isReadable()).isFalse();
    }

    @Tag("system")
    @Test
    void urgentData_isPriority() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
        ((SocketFd) pair.writer()).send(ByteBuffer.allocate(1), SocketFd.MSG_OOB);
        if (!backend.supports(Interest.PRIORITY)) {
            assertThatThrownBy(() -> registerAndExpect(pair.reader(), Interest.PRIORITY))
                    .isInstanceOf(UnsupportedOperationException.class);
            return;
        }

        ReadyKey<String> ready = registerAndExpect(pair.reader(), Interest.PRIORITY);

        assertThat(ready.events()).isSameAs(Interest.PRIORITY);
        assertThat(ready.isPriority()).isTrue();
    }

    @Test
    void closedPeer_isReadClosedAndHungUp() throws IOException {
        ConnectedPair pair = pair();
        pair.writer().close();

        ReadyKey<String> ready = registerAndExpect(pair.reader(), Interest.READ_WRITE);

        assertThat(ready.isReadable()).isTrue();
        assertThat(ready.isReadClosed()).isEqualTo(backend.backend() != Backend.SELECT);
        assertThat(ready.isHangup())
                .isEqualTo(backend.backend() != Backend.SELECT && !backend.isAfd() && !Platform.IS_WINDOWS);
    }

    @Tag("system")
    @Test
    void resetConnection_hasAnError() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
        ((SocketFd) pair.writer()).setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.writer().close();

        assertThat(registerAndExpect(pair.reader(), Interest.READ_WRITE).isError())
                .isEqualTo(backend.reportsSocketErrors());
    }

    @Test
    void closedRawFd_isInvalid() throws IOException {
        Selector<String> selector = open();
        int number = rawDup(readablePair().reader());
        selector.register(Pollable.borrow(number), Interest.READ, "closed");
        closeRaw(number);
        if (!backend.reportsClosedNumbers()) {
            selector.register(readablePair().reader(), Interest.READ, "open");
        }

        assertThat(expectDelegation(selector).isInvalid()).isEqualTo(backend.reportsClosedNumbers());
    }
}
