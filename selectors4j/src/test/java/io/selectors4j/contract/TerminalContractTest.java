package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Termios;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Events that only terminals have.
@Tag("system")
@Tag("linux")
class TerminalContractTest extends ContractTest {

    TerminalContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Test
    void closedMaster_hangsUpTheTerminal() throws Exception {
        Selector<String> selector = open();
        PtyFd.Pair pty = own(PtyFd.open());
        selector.register(pty.terminal(), Interest.READ, "terminal");
        expectNothing(selector);
        pty.master().close();
        Readiness readiness = expectReady(selector, pty.terminal(), Interest.READ);
        assertThat(readiness.isHangup()).isEqualTo(backend.reportsHangupsToReaders());
        assertThat(pty.terminal().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        expectReady(selector, pty.terminal(), Interest.READ);
    }

    @Test
    void reopenedTerminal_endsTheHangupOfTheMaster() throws Exception {
        Selector<String> selector = open();
        PtyFd.Pair pty = own(PtyFd.open());
        selector.register(pty.master(), Interest.READ, "master");
        pty.terminal().close();
        assertThat(expectReady(selector, pty.master(), Interest.READ).isHangup())
                .isEqualTo(backend.reportsHangupsToReaders());
        FileFd again = own(FileFd.open(pty.master().path(), FileFd.O_RDWR | FileFd.O_NOCTTY));
        expectNothing(selector);
        again.write(ByteBuffer.allocate(1));
        assertThat(expectReady(selector, pty.master(), Interest.READ).isHangup())
                .isFalse();
    }

    @Test
    void packetModeStatus_isPriorityUntilRead() throws Exception {
        Selector<String> selector = open();
        PtyFd.Pair pty = own(PtyFd.open());
        pty.master().setPacketMode(true);
        selector.register(pty.master(), Interest.READ.or(Interest.PRIORITY), "master");
        pty.terminal().write(ByteBuffer.allocate(3));
        expectReady(selector, pty.master(), Interest.READ);
        ByteBuffer packet = ByteBuffer.allocate(9);
        assertThat(pty.master().read(packet)).isEqualTo(4);
        assertThat(packet.get(0)).isEqualTo((byte) PtyFd.TIOCPKT_DATA);
        expectNothing(selector);

        Termios.of(pty.terminal()).apply(pty.terminal(), Termios.When.FLUSH);
        expectReady(selector, pty.master(), Interest.READ.or(Interest.PRIORITY));
        assertThat(pty.master().read(packet.clear())).isEqualTo(1);
        assertThat(packet.get(0)).isEqualTo((byte) PtyFd.TIOCPKT_FLUSHREAD);
        expectNothing(selector);
    }
}
