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

    /// Returns the name for a reader.
    String title() {
        return title;
    }

    /// Returns the options for a JVM that uses this provider. The system property `nio-it.backend` names the backend of
    /// selectors4j; without it, that is the best one.
    List<String> options() {
        List<String> options = new ArrayList<>();
        options.add("-Dnio-it.provider=" + this);
        if (this == SELECTORS4J) {
            options.add("-Djava.nio.channels.spi.SelectorProvider=" + classPrefix);
            if (!backend().isEmpty()) {
                options.add("-Dio.selectors4j.nio.backend=" + backend());
                options.add("-Dnio-it.backend=" + backend());
            }
        }
        return options;
    }

    private static String backend() {
        return System.getProperty("nio-it.backend", "");
    }

    /// Fails if this JVM uses a different provider or backend.
    void verify() throws IOException {
        String name = SelectorProvider.provider().getClass().getName();
        if (!name.startsWith(classPrefix)) {
            throw new IllegalStateException("The provider is " + name + " instead of that of " + title);
        }
        try (Selector selector = Selector.open()) {
            if (this == SELECTORS4J && !selector.toString().contains(backend())) {
                throw new IllegalStateException("The selector is " + selector + " instead of one on " + backend());
            }
        }
    }
}
