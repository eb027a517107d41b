package io.selectors4j.nio;

import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A provider that the tests run on: that of the JDK, which judges the tests, or ours on one of the backends.
///
/// @param backend the backend of our provider; null for the JDK's provider
record ProviderUnderTest(@Nullable BackendUnderTest backend) {

    /// Returns the JDK's provider and ours on each backend, limited by `-Dbackends=POLL,EPOLL`. Without `-Pci`, a busy
    /// EPOLL and simulated kernels are left out. IO_URING batches sockets here, so IO_URING_BATCHED is not another one.
    static List<ProviderUnderTest> all() {
        boolean narrowed = !System.getProperty("backends", "").isEmpty();
        List<BackendUnderTest> backends = narrowed ? Backends.underTest() : Backends.available();
        return Stream.concat(
                        Stream.of(new ProviderUnderTest(null)),
                        backends.stream()
                                .filter(backend -> narrowed || isIncluded(backend))
                                .map(ProviderUnderTest::new))
                .toList();
    }

    private static boolean isIncluded(BackendUnderTest backend) {
        boolean variant = backend.isSimulated() || backend == BackendUnderTest.EPOLL_BUSY;
        return !backend.isExtra() && !backend.isBatched() && (Backends.all() || !variant);
    }

    boolean isJdk() {
        return backend == null;
    }

    /// Returns the provider that the tests are judged by.
    static SelectorProvider jdk() {
        return sun.nio.ch.DefaultSelectorProvider.get();
    }

    SelectorProvider open() {
        return backend == null ? jdk() : new SelectorsProvider(backend::open);
    }

    @Override
    public String toString() {
        return backend == null ? "JDK" : backend.toString();
    }
}
