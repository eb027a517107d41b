package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Jvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Native memory of a selector: it grows when a wait fills the array of events, not before. [AllocationContractTest]
/// covers the heap. Simulated kernels allocate native memory themselves and are left out.
class SelectMemoryContractTest extends ContractTest {

    private static final int KEYS = 2_000;
    private static final int READY = 3;

    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isSimulated())
                .toList();
    }

    SelectMemoryContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Opens a selector with many keys, of which few are ready.
    private Selector<Integer> openWithFewReady() throws IOException {
        Selector<Integer> selector = open();
        Fd ready = sharedPair().reader();
        Fd notReady = pair(ConnectedPair.Kind.UNBATCHED).reader();
        for (int i = 0; i < KEYS; i++) {
            selector.register(own((i < READY ? ready : notReady).dup()), Interest.READ, i);
        }
        return selector;
    }

    private static void expectReady(Selector<Integer> selector) throws IOException {
        assertThat(selector.select((key, readiness) -> assertThat(key.data()).isLessThan(READY)))
                .isEqualTo(READY);
    }

    @Test
    void repeatedSelects_allocateNothing() throws IOException {
        Selector<Integer> selector = openWithFewReady();
        expectReady(selector);
        long before = Jvm.directMemory();

        for (int i = 0; i < 1_000; i++) {
            expectReady(selector);
        }

        assertThat(Jvm.directMemory()).isLessThanOrEqualTo(before);
    }

    /// POLL and SELECT pass all keys to the kernel, and so need memory for each.
    @Test
    void manyKeys_needNoMemoryForEvents() throws IOException {
        open().close();
        long before = Jvm.directMemory();
        Selector<Integer> selector = openWithFewReady();
        expectReady(selector);

        // Bindings and arrays of a few events take some memory; 2,000 events would take 24,000 bytes.
        if (!backend.passesNumbersEachTime()) {
            assertThat(Jvm.directMemory() - before).as("bytes of native memory").isLessThan(KEYS * Long.BYTES);
        }
    }
}
