package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;

abstract class HiddenParent {

    public Memory memory() {
        return new Memory();
    }
}
