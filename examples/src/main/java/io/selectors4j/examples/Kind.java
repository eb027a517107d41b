package io.selectors4j.examples;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import java.io.Closeable;
import java.io.IOException;

/// One of the things that [Everything] waits for.
///
/// @param name its name
/// @param fileobj what to register
/// @param events what to wait for
/// @param trigger makes it ready
/// @param finding takes what there is, when it is ready
/// @param resources what to close afterwards
record Kind(String name, Pollable fileobj, Interest events, Trigger trigger, Finding finding, Closeable resources)
        implements Closeable {

    /// Makes something ready.
    @FunctionalInterface
    interface Trigger {
        void pull() throws IOException;
    }

    /// Says in a few words what was found.
    @FunctionalInterface
    interface Finding {
        String take(Readiness readiness) throws IOException;
    }

    /// For what needs no trigger: it is ready, or gets ready by something else.
    static final Trigger NONE = () -> {};

    /// A kind that is waited for to be readable.
    static <T extends Pollable & Closeable> Kind readable(String name, T fileobj, Trigger trigger, Finding finding) {
        return readable(name, fileobj, trigger, finding, fileobj);
    }

    /// A kind that is waited for to be readable, and more to close.
    static Kind readable(String name, Pollable fileobj, Trigger trigger, Finding finding, Closeable resources) {
        return new Kind(name, fileobj, Interest.READ, trigger, finding, resources);
    }

    @Override
    public void close() throws IOException {
        resources.close();
    }
}
