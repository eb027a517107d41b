package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;

public class ReturnsInternal {

    protected Memory[] memory() {
        return new Memory[0];
    }
}
