package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReadable;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class ManyDescriptorsContractTest extends ContractTest {

    private static final int PAIRS = 9_200;

    /// Descriptors that the virtual machine and this test need besides the pairs.
    private static final int OTHER_FDS = 500;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(8);

    ManyDescriptorsContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Test
    void thousandsOfDescriptors_areServed() throws IOException {
        Selector<Integer> selector = open();
        List<SocketFd.Pair> pairs = openPairs();
        int[] received = new int[pairs.size()];
        for (int i = 0; i < pairs.size(); i++) {
            selector.register(pairs.get(i).first(), Interest.READ, i);
        }
        assertThat(selector.getMap()).hasSize(pairs.size());
        assertThat(pairs.getLast().second().fileno()).isGreaterThan(2 * pairs.size());

        for (int round = 1; round <= 2; round++) {
            for (SocketFd.Pair pair : pairs) {
                pair.second().write(buffer.clear().limit(1));
            }
            receive(selector, pairs, received);
            assertThat(received).containsOnly(round);
        }
        assertThat(selector.selectNow()).isEmpty();

        Set<SocketFd> some = new HashSet<>();
        for (int i : List.of(0, 511, 512, 1023, 1024, pairs.size() - 1)) {
            pairs.get(i).second().write(buffer.clear().limit(1));
            some.add(pairs.get(i).first());
        }
        expectReadable(selector, some);

        for (int i = 0; i < pairs.size(); i += 2) {
            pairs.get(i).close();
        }
        assertThat(selector.getMap()).hasSize(pairs.size() / 2);
        for (int i = 1; i < pairs.size(); i += 2) {
            pairs.get(i).first().close();
        }
        assertThat(selector.getMap()).isEmpty();
        expectNothing(selector);
    }

    private void receive(Selector<Integer> selector, List<SocketFd.Pair> pairs, int[] received) throws IOException {
        int missing = pairs.size();
        while (missing > 0) {
            int count = selector.select(PATIENCE, (key, readiness) -> {
                assertThat(pairs.get(key.data()).first().read(buffer.clear())).isEqualTo(1);
                received[key.data()]++;
            });
            assertThat(count).isPositive();
            missing -= count;
        }
        assertThat(missing).isZero();
    }

    private List<SocketFd.Pair> openPairs() throws IOException {
        // libkqueue watches a duplicate of each descriptor.
        int each = backend.isLibkqueue() ? 3 : 2;
        int count = (int) Math.min(PAIRS, (Libc.openFilesLimit() - OTHER_FDS) / each);
        assertThat(2 * count)
                .as("the open-file limit allows for more than select's own")
                .isGreaterThan(2_048);
        List<SocketFd.Pair> pairs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pairs.add(own(SocketFd.pair(SocketFd.Type.STREAM)));
        }
        return pairs;
    }
}
