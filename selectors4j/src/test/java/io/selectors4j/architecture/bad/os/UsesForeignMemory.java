package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;

class UsesForeignMemory {

    long address() {
        return Memory.segment().address();
    }
}
