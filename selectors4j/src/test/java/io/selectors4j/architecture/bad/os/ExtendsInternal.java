package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;

public class ExtendsInternal extends Memory {

    private static final long serialVersionUID = 1L;
}
