package io.selectors4j.nio.it;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;

/// A provider of selectors and channels that a child JVM uses.
enum Provider {
    /// The provider of the JDK.
    JDK("JDK", "sun.nio.ch."),

    /// The provider of selectors4j.
    SELECTORS4J("selectors4j", "io.selectors4j.nio.SelectorsProvider");

    /// The best backend that is available.
    static final String BEST = "BEST";

    private final String title;
    private final String classPrefix;

    Provider(String title, String classPrefix) {
        this.title = title;
        this.classPrefix = classPrefix;
    }

    /// Returns the provider that a child JVM must use, from the system property `nio-it.provider`.
    static Provider expected() {
        return valueOf(System.getProperty("nio-it.provider"));
    }

    /// Returns the name for a reader, with the backend of selectors4j.
    String title(String backend) {
        return this == JDK || backend.equals(BEST) ? title : title + " " + backend;
    }

    /// Returns the options for a JVM that uses the same provider and backend as this one.
    static List<String> sameOptions() {
        return expected().options(expectedBackend());
    }

    /// Returns the options for a JVM that uses this provider.
    ///
    /// @param backend the backend of selectors4j
    List<String> options(String backend) {
        List<String> options = new ArrayList<>();
        options.add("-Dnio-it.provider=" + this);
        if (this == SELECTORS4J) {
            options.add("-Djava.nio.channels.spi.SelectorProvider=" + classPrefix);
            options.add("-Dnio-it.backend=" + backend);
            if (!backend.equals(BEST)) {
                options.add("-Dio.selectors4j.nio.backend=" + backend);
            }
        }
        return options;
    }

    private static String expectedBackend() {
        return System.getProperty("nio-it.backend", BEST);
    }

    /// Fails if this JVM uses a different provider or backend.
    void verify() throws IOException {
        String name = SelectorProvider.provider().getClass().getName();
        if (!name.startsWith(classPrefix)) {
            throw new IllegalStateException("The provider is " + name + " instead of that of " + title);
        }
        String backend = expectedBackend();
        try (Selector selector = Selector.open()) {
            if (this == SELECTORS4J
                    && !backend.equals(BEST)
                    && !selector.toString().contains(backend)) {
                throw new IllegalStateException("The selector is " + selector + " instead of one on " + backend);
            }
        }
    }
}
