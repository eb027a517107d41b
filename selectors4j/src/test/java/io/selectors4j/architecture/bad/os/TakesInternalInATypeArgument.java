package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;
import java.util.List;
import java.util.Map;

public class TakesInternalInATypeArgument {

    public int size(Map<String, List<? extends Memory>> memory) {
        return memory.size();
    }
}
