package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;

public interface ThrowsInternal {

    void call() throws Memory;
}
