package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.windows.AfdLibc;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.SimulatedAfd;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/// A completion port on the simulated AFD.
@Timeout(240)
abstract class AfdPortFixture {

    static final long SHORT = Duration.ofMillis(20).toNanos();
    static final int DUPLICATE = 3_300;

    final SimulatedAfd afd = new SimulatedAfd();
    final AfdPort port = AfdPort.create(new AfdLibc(afd.lookup()));
    final AfdEvents events = new AfdEvents(64);
    final List<ConnectedPair> pairs = new ArrayList<>();

    AfdPortFixture() throws IOException {}

    @AfterEach
    void closeAll() throws IOException {
        port.close();
        for (ConnectedPair pair : pairs) {
            pair.close();
        }
        assertThat(afd.failure()).isNull();
        assertThat(afd.openHandles()).isZero();
    }

    ConnectedPair pair() throws IOException {
        ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
        pairs.add(pair);
        return pair;
    }

    int start(ConnectedPair pair, int flags, long token) throws IOException {
        int poll = port.start(pair.reader().fileno(), flags, token);
        assertThat(poll).isNotNegative();
        return poll;
    }

    void expectNone() {
        events.clear();
        assertThat(port.await(events, 0)).isZero();
        assertThat(events.count()).isZero();
    }

    void expectOne(long token, int flags) {
        events.clear();
        assertThat(port.await(events, Deadline.FOREVER)).isOne();
        assertThat(events.count()).isOne();
        assertThat(events.token(0)).isEqualTo(token);
        assertThat(events.flags(0)).isEqualTo(flags);
    }
}
