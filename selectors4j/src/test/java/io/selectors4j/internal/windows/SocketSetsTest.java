package io.selectors4j.internal.windows;

import static io.selectors4j.internal.posix.FdSets.EXCEPT;
import static io.selectors4j.internal.posix.FdSets.READ;
import static io.selectors4j.internal.posix.FdSets.WRITE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.posix.FdSets;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The sets of Windows in memory, where the test takes the place of `select`.
class SocketSetsTest {

    private final FdSets sets = new FdSets();
    private final SocketSets arrays = new SocketSets();

    @BeforeEach
    void request() {
        sets.add(READ, 860);
        sets.add(READ, 8);
        sets.add(WRITE, 860);
        sets.add(EXCEPT, 5_000);
        sets.prepare();
        arrays.copyFrom(sets);
    }

    private List<Long> array(int set) {
        MemorySegment memory = arrays.segment(set);
        List<Long> sockets = new ArrayList<>();
        for (int i = 0; i < memory.get(JAVA_INT, 0); i++) {
            sockets.add(memory.get(JAVA_LONG, 8 + 8L * i));
        }
        return sockets;
    }

    /// Fills an array as `select` does.
    private void returns(int set, long... sockets) {
        MemorySegment memory = arrays.segment(set);
        memory.set(JAVA_INT, 0, sockets.length);
        for (int i = 0; i < sockets.length; i++) {
            memory.set(JAVA_LONG, 8 + 8L * i, sockets[i]);
        }
    }

    @Test
    void arrays_haveTheSocketsOfTheBits() {
        assertThat(array(READ)).containsExactly(8L, 860L);
        assertThat(array(WRITE)).containsExactly(860L);
        assertThat(array(EXCEPT)).containsExactly(860L, 5_000L);
        assertThat(arrays.isEmpty()).isFalse();
    }

    @Test
    void returnedSockets_areBits() {
        returns(READ, 8);
        returns(WRITE);
        returns(EXCEPT, 5_000);
        assertThat(arrays.copyTo(sets)).isEqualTo(2);
        assertThat(sets.isReturned(READ, 8)).isTrue();
        assertThat(sets.isReturned(READ, 860)).isFalse();
        assertThat(sets.isReturned(WRITE, 860)).isFalse();
        assertThat(sets.isReturned(EXCEPT, 5_000)).isTrue();
    }

    @Test
    void failedConnect_isWritable() {
        returns(READ);
        returns(WRITE);
        returns(EXCEPT, 860);
        assertThat(arrays.copyTo(sets)).isEqualTo(1);
        assertThat(sets.isReturned(WRITE, 860)).isTrue();
        assertThat(sets.isReturned(EXCEPT, 860)).isFalse();
    }

    @Test
    void urgentDataOfAWritableSocket_countsOnceForEachSet() {
        sets.add(EXCEPT, 860);
        sets.prepare();
        arrays.copyFrom(sets);
        returns(READ);
        returns(WRITE, 860);
        returns(EXCEPT, 860);
        assertThat(arrays.copyTo(sets)).isEqualTo(2);
        assertThat(sets.isReturned(WRITE, 860)).isTrue();
        assertThat(sets.isReturned(EXCEPT, 860)).isTrue();
    }

    @Test
    void nothingRequested_isEmpty() {
        sets.clear();
        sets.prepare();
        arrays.copyFrom(sets);
        assertThat(arrays.isEmpty()).isTrue();
        assertThat(arrays.copyTo(sets)).isZero();
    }
}
