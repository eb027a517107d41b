package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.PollableChannel;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A select returns all ready keys, however many there are.
class AllReadyContractTest extends ContractTest {

    /// The number of ready descriptors in CPython's `test_above_fd_setsize`, with its limit of open files.
    private static final int MANY = 9_984;

    /// Descriptors that the virtual machine and the selector need besides.
    private static final int OTHER_FDS = 500;

    AllReadyContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Registers many duplicates of a readable descriptor.
    private List<SelectorKey<Integer>> registerReady(Selector<Integer> selector, Interest events) throws IOException {
        int each = backend.isLibkqueue() ? 2 : 1; // libkqueue watches a duplicate of each descriptor
        int count = (int) Math.min(MANY, (Libc.openFilesLimit() - OTHER_FDS) / each);
        assertThat(count).as("more than an array of 4,096 events holds").isGreaterThan(4_096);
        PollableChannel ready = sharedPair().reader();
        List<SelectorKey<Integer>> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(selector.register(copy(ready), events, i));
        }
        return keys;
    }

    @Test
    void list_containsEachReadyKeyOnce() throws IOException {
        Selector<Integer> selector = open();
        List<SelectorKey<Integer>> keys = registerReady(selector, Interest.READ);

        for (int i = 0; i < 2; i++) {
            List<ReadyKey<Integer>> ready = selector.select(PATIENCE);

            assertThat(ready).hasSameSizeAs(keys);
            expectEachOnce(ready.stream().map(one -> one.key().data()).toList(), keys.size());
        }
    }

    @Test
    void handler_getsEachReadyKeyOnce() throws IOException {
        Selector<Integer> selector = open();
        List<SelectorKey<Integer>> keys = registerReady(selector, Interest.READ);
        List<Integer> delivered = new ArrayList<>();

        int count = selector.select(PATIENCE, (key, readiness) -> {
            assertThat(readiness.events()).isSameAs(Interest.READ);
            delivered.add(key.data());
        });

        assertThat(count).isEqualTo(keys.size());
        expectEachOnce(delivered, keys.size());
    }

    @Test
    void oneShotKeys_areAllReturnedOnce() throws IOException {
        Selector<Integer> selector = open();
        List<SelectorKey<Integer>> keys = registerReady(selector, Interest.READ.oneShot());

        assertThat(selector.select(PATIENCE)).hasSameSizeAs(keys);

        assertThat(selector.selectNow()).isEmpty();
    }

    @Test
    void edgeTriggeredKeys_areAllReturnedOnce() throws IOException {
        Interest events = Interest.READ.edgeTriggered();
        if (backend.supports(events)) {
            Selector<Integer> selector = open();
            List<SelectorKey<Integer>> keys = registerReady(selector, events);

            assertThat(selector.select(PATIENCE)).hasSameSizeAs(keys);

            assertThat(selector.selectNow()).isEmpty();
        }
    }

    /// As CPython's test does, with the read interest of one end and the write interest of the other.
    @Test
    void onlyReadyKeys_areReturned() throws IOException {
        Selector<Integer> selector = open();
        for (int i = 0; i < 1_500; i++) {
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, -1);
            selector.register(pair.writer(), Interest.WRITE, i);
        }

        List<ReadyKey<Integer>> ready = selector.select(PATIENCE);

        expectEachOnce(ready.stream().map(one -> one.key().data()).toList(), 1_500);
    }

    @Test
    void afterManyReadyKeys_fewAreReturned() throws IOException {
        Selector<Integer> selector = open();
        List<SelectorKey<Integer>> keys = registerReady(selector, Interest.READ);
        assertThat(selector.select(PATIENCE)).hasSameSizeAs(keys);
        for (SelectorKey<Integer> key : keys.subList(3, keys.size())) {
            selector.unregister(key.fileobj());
        }

        expectEachOnce(
                selector.select(PATIENCE).stream().map(one -> one.key().data()).toList(), 3);
    }

    /// Checks that a list contains each number from 0 on once, in any order.
    private static void expectEachOnce(List<Integer> data, int count) {
        boolean[] seen = new boolean[count];
        for (int i : data) {
            assertThat(seen[i]).as("%s is returned twice", i).isFalse();
            seen[i] = true;
        }
        assertThat(data).hasSize(count);
    }
}
