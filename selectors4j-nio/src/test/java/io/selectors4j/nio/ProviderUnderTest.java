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

    /// Returns the JDK's provider and ours on each backend, limited by `-Dbackends=POLL,EPOLL`. Without `-Pci`, the
    /// variants of a backend are left out: a busy EPOLL, and simulated kernels.
    static List<ProviderUnderTest> all() {
        return Stream.concat(
                        Stream.of(new ProviderUnderTest(null)),
                        Backends.underTest().stream()
                                .filter(ProviderUnderTest::isIncluded)
                                .map(ProviderUnderTest::new))
                .toList();
    }

    private static boolean isIncluded(BackendUnderTest backend) {
        return Boolean.getBoolean("nio.all.backends")
                || !System.getProperty("backends", "").isEmpty()
                || !(backend.isSimulated() || backend == BackendUnderTest.EPOLL_BUSY);
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
