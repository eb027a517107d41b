package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;

public class HasAnInternalField {

    protected final Memory memory = new Memory();
}
