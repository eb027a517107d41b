package io.selectors4j.testing;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Which backends the tests run on. Where a backend does not exist, its tests are not generated: nothing is skipped.
public final class Backends {

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private Backends() {}

    /// The subjects available here, less what `-Dbackends=POLL,kqueue-simulated-macos` leaves out.
    public static List<BackendUnderTest> underTest() {
        List<BackendUnderTest> narrowed = parse(System.getProperty("backends", ""));
        return available().stream()
                .filter(backend -> narrowed.isEmpty() ? !backend.isExtra() : narrowed.contains(backend))
                .toList();
    }

    /// The backends that this system offers.
    public static List<BackendUnderTest> available() {
        return Arrays.stream(BackendUnderTest.values())
                .filter(BackendUnderTest::isAvailable)
                .toList();
    }

    /// The backends that this system has to offer.
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
                .filter(subject -> subject.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no backend " + name));
    }
}
