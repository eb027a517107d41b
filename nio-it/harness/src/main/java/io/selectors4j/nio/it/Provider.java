package io.selectors4j.nio.it;

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
        if (this == JDK) {
            return List.of();
        }
        String backend = System.getProperty("nio-it.backend", "");
        List<String> options = new ArrayList<>();
        options.add("-Djava.nio.channels.spi.SelectorProvider=" + classPrefix);
        if (!backend.isEmpty()) {
            options.add("-Dio.selectors4j.nio.backend=" + backend);
        }
        return options;
    }

    /// Fails if this JVM uses a different provider.
    void verify() {
        String name = SelectorProvider.provider().getClass().getName();
        if (!name.startsWith(classPrefix)) {
            throw new IllegalStateException("The provider is " + name + " instead of that of " + title);
        }
    }
}
