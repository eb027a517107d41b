package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IoUringRequestsTest {

    private final IoUringRequests requests = new IoUringRequests();

    @Test
    void request_isFoundUntilItIsRemoved() {
        Object memory = new Object();
        long id = requests.add(42, memory);
        int index = requests.indexOf(id);
        assertThat(requests.data(index)).isEqualTo(42);
        assertThat(requests.memory(index)).isSameAs(memory);
        assertThat(requests.id(index)).isEqualTo(id);
        assertThat(requests.size()).isEqualTo(1);
        assertThat(requests.remove(index)).isSameAs(memory);
        assertThat(requests.indexOf(id)).isEqualTo(IoUringRequests.NONE);
        assertThat(requests.memory(index)).isNull();
        assertThat(requests.id(index)).isEqualTo(IoUringRequests.NONE);
        assertThat(requests.size()).isZero();
    }

    @Test
    void idOfAnEarlierUse_findsNothing() {
        long first = requests.add(1, null);
        requests.remove(requests.indexOf(first));
        long second = requests.add(2, null);
        assertThat((int) second).as("slot").isEqualTo((int) first);
        assertThat(second).isNotEqualTo(first);
        assertThat(requests.indexOf(first)).isEqualTo(IoUringRequests.NONE);
        assertThat(requests.data(requests.indexOf(second))).isEqualTo(2);
    }

    @Test
    void anyId_isHarmless() {
        Random random = new Random(1);
        Map<Long, Long> data = new HashMap<>();
        for (int i = 0; i < 300; i++) { // the table grows
            long value = random.nextLong();
            data.put(requests.add(value, null), value);
        }
        assertThat(data).hasSize(300);
        for (int i = 0; i < 100_000; i++) {
            long id = random.nextInt(4) == 0 ? random.nextLong() : (long) random.nextInt(4) << 32 | random.nextInt(600);
            int index = requests.indexOf(id);
            Long expected = data.get(id);
            if (expected == null) {
                assertThat(index).isEqualTo(IoUringRequests.NONE);
            } else {
                assertThat(requests.data(index)).isEqualTo(expected);
            }
        }
        for (long none : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, 1L << 32 | 5000}) {
            assertThat(requests.indexOf(none)).isEqualTo(IoUringRequests.NONE);
        }
    }
}
