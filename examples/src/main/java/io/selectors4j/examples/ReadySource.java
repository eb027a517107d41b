package io.selectors4j.examples;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import java.io.Closeable;
import java.io.IOException;

/// A descriptor that [Everything] waits for.
///
/// @param fileobj the descriptor
/// @param events the events to wait for
/// @param trigger makes the descriptor ready
/// @param receiver receives from the ready descriptor
/// @param resources closed by [#close]
record ReadySource(
        String name, Pollable fileobj, Interest events, Trigger trigger, Receiver receiver, Closeable resources)
        implements Closeable {

    /// Makes a descriptor ready.
    @FunctionalInterface
    interface Trigger {
        void run() throws IOException;
    }

    /// Receives from a ready descriptor, and returns a short description of the data.
    @FunctionalInterface
    interface Receiver {
        String receive(Readiness readiness) throws IOException;
    }

    /// No trigger: the descriptor is ready already, or another source makes it ready.
    static final Trigger NONE = () -> {};

    /// Returns a source to wait for READ.
    static <T extends Pollable & Closeable> ReadySource readable(
            String name, T fileobj, Trigger trigger, Receiver receiver) {
        return readable(name, fileobj, trigger, receiver, fileobj);
    }

    /// Returns a source to wait for READ, with other resources to close.
    static ReadySource readable(
            String name, Pollable fileobj, Trigger trigger, Receiver receiver, Closeable resources) {
        return new ReadySource(name, fileobj, Interest.READ, trigger, receiver, resources);
    }

    @Override
    public void close() throws IOException {
        resources.close();
    }
}
