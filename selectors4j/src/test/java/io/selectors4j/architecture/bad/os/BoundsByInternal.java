package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;

public class BoundsByInternal {

    public <T extends Memory> int count(Class<T> type) {
        return type.getName().length();
    }
}
