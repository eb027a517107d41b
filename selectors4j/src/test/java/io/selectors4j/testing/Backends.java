package io.selectors4j.testing;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// The backends that the tests run on. No tests are generated for a backend that does not exist here, so none is
/// skipped.
public final class Backends {

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private Backends() {}

    /// Returns the backends to test here, limited by `-Dbackends=POLL,kqueue-simulated-macos`. Without `-Pci`, variants
    /// are left out. On a [TestSimulation], the backends are simulated ones.
    public static List<BackendUnderTest> underTest() {
        List<BackendUnderTest> narrowed =
                TestSimulation.CURRENT == null ? parse(System.getProperty("backends", "")) : List.of();
        return available().stream()
                .filter(backend -> narrowed.isEmpty()
                        ? !backend.isExtra() && (all() || !backend.isVariant())
                        : narrowed.contains(backend))
                .toList();
    }

    /// Returns whether the tests run on all variants of the backends.
    public static boolean all() {
        return Boolean.getBoolean("all.backends");
    }

    /// Returns the backends that this system offers.
    public static List<BackendUnderTest> available() {
        return Arrays.stream(BackendUnderTest.values())
                .filter(BackendUnderTest::isAvailable)
                .toList();
    }

    /// Returns the backends that this system has to offer.
    public static List<BackendUnderTest> expected() {
        return parse(System.getProperty("expected.backends", ""));
    }

    private static List<BackendUnderTest> parse(String names) {
        return SEPARATOR
                .splitAsStream(names)
                .filter(name -> !name.isEmpty())
                .map(Backends::named)
                .toList();
    }

    private static BackendUnderTest named(String name) {
        return Arrays.stream(BackendUnderTest.values())
                .filter(backend -> backend.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no backend " + name));
    }
}
