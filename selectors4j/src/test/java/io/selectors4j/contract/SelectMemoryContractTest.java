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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Native memory of a selector: it grows when a wait fills the array of events, not before. [AllocationContractTest]
/// covers the heap. Simulated kernels allocate native memory themselves and are left out.
@Tag("system")
class SelectMemoryContractTest extends ContractTest {

    private static final int KEYS = 2_000;
    private static final int READY = 3;

    /// More than the bytes of a poll of AFD.
    private static final int AFD_POLL = 64;

    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isSimulated())
                .toList();
    }

    SelectMemoryContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Registers many keys, of which few are ready.
    private Selector<Integer> openWithFewReady(List<Fd> fds) throws IOException {
        Selector<Integer> selector = open();
        for (Fd fd : fds) {
            selector.register(fd, Interest.READ, selector.getMap().size());
        }
        return selector;
    }

    private List<Fd> fds() throws IOException {
        Fd ready = (Fd) sharedPair().reader();
        Fd notReady = (Fd) pair(ConnectedPair.Kind.UNBATCHED).reader();
        List<Fd> fds = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            fds.add(own((i < READY ? ready : notReady).dup()));
        }
        return fds;
    }

    private static void expectReady(Selector<Integer> selector) throws IOException {
        assertThat(selector.select((key, readiness) -> assertThat(key.data()).isLessThan(READY)))
                .isEqualTo(READY);
    }

    @Test
    void repeatedSelects_allocateNothing() throws IOException {
        Selector<Integer> selector = openWithFewReady(fds());
        expectReady(selector);
        long before = Jvm.directMemory();

        for (int i = 0; i < 1_000; i++) {
            expectReady(selector);
        }

        assertThat(Jvm.directMemory()).isLessThanOrEqualTo(before);
    }

    /// POLL and SELECT pass all keys to the kernel, and AFD has a struct for each: these need memory for each key.
    @Test
    void manyKeys_needNoMemoryForEvents() throws IOException {
        open().close();
        List<Fd> fds = fds();
        long before = Jvm.directMemory();
        Selector<Integer> selector = openWithFewReady(fds);
        expectReady(selector);

        // Bindings and arrays of a few events take some memory; 2,000 events would take 24,000 bytes.
        if (!backend.passesNumbersEachTime()) {
            assertThat(Jvm.directMemory() - before)
                    .as("bytes of native memory")
                    .isLessThan((long) KEYS * (backend.isAfd() ? AFD_POLL : Long.BYTES));
        }
    }
}
