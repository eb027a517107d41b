package io.selectors4j.testing;

import io.selectors4j.Backend;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Which backends the tests run on. Where a backend does not exist, its tests are not generated: nothing is skipped.
public final class Backends {

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private Backends() {}

    /// The backends available here, less what `-Dbackends=POLL,EPOLL` leaves out.
    public static List<Backend> underTest() {
        List<Backend> narrowed = parse(System.getProperty("backends", ""));
        return available().stream()
                .filter(backend -> narrowed.isEmpty() || narrowed.contains(backend))
                .toList();
    }

    /// The backends that this system offers.
    public static List<Backend> available() {
        return Arrays.stream(Backend.values()).filter(Backend::isAvailable).toList();
    }

    /// The backends that this system has to offer.
    public static List<Backend> expected() {
        return parse(System.getProperty("expected.backends", ""));
    }

    private static List<Backend> parse(String names) {
        return SEPARATOR
                .splitAsStream(names)
                .filter(name -> !name.isEmpty())
                .map(Backend::valueOf)
                .toList();
    }
}
