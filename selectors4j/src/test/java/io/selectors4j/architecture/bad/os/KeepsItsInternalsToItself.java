package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.Pollable;
import io.selectors4j.architecture.bad.internal.ffi.Memory;

/// No violation: the internal type is not visible, and the value may be used.
public final class KeepsItsInternalsToItself implements Pollable {

    private final Memory memory = new Memory();

    Memory memory() {
        return memory;
    }

    private static final class Inner {
        private final Memory copy = new Memory();
    }

    @Override
    public String toString() {
        return new Inner().copy + " " + memory();
    }
}
