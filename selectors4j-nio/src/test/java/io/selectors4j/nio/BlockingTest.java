package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class BlockingTest {

    /// A channel is closed between the begin of an operation and its system call in a moment that no test can hit.
    @Test
    void closedChannel_wasClosedDuringTheOperation() {
        ClosedChannelException found = new ClosedChannelException();
        assertThat(Blocking.closedDuring(found))
                .isExactlyInstanceOf(AsynchronousCloseException.class)
                .hasCause(found);
    }

    @Test
    void otherFailures_stayAsTheyAre() {
        for (IOException failure : new IOException[] {
            new AsynchronousCloseException(), new ClosedByInterruptException(), new IOException("reset")
        }) {
            assertThat(Blocking.closedDuring(failure)).isSameAs(failure);
        }
    }

    @Test
    void timeout_isWhatIsLeft() {
        assertThat(Blocking.remaining(Blocking.FOREVER, Blocking.start(Blocking.FOREVER)))
                .isEqualTo(Blocking.FOREVER);
        assertThat(Blocking.remaining(0, Blocking.start(0))).isZero();
        long hour = 3_600_000_000_000L;
        long start = Blocking.start(hour);
        assertThat(Blocking.remaining(hour, start)).isBetween(1L, hour);
        assertThat(Blocking.remaining(hour, start - hour / 2)).isBetween(1L, hour / 2);
        assertThat(Blocking.remaining(hour, start - 2 * hour)).isZero();
    }
}
