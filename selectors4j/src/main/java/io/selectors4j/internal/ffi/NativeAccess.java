package io.selectors4j.internal.ffi;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Checks whether the Java virtual machine lets this library call native code (JEP 472).
public final class NativeAccess {

    private NativeAccess() {}

    /// Returns null if native calls are allowed, or else a message with the exact flags for the module path and the
    /// class path.
    @SuppressWarnings("restricted") // on purpose: reinterpret is the cheapest restricted method
    public static @Nullable String denial() {
        Module module = NativeAccess.class.getModule();
        if (module.isNativeAccessEnabled()) {
            return null;
        }
        try {
            // If the virtual machine only warns (the default of JDK 24 and 25), the first call enables native access.
            MemorySegment unused = MemorySegment.NULL.reinterpret(0);
            return unused.byteSize() == 0 ? null : "reinterpret(0) returned a segment that is not empty";
        } catch (IllegalCallerException e) {
            return describe(module);
        }
    }

    private static String describe(Module module) {
        String here =
                module.isNamed() ? "--enable-native-access=" + module.getName() : "--enable-native-access=ALL-UNNAMED";
        return "native access is not enabled for selectors4j: start java with " + here
                + " (on the module path: --enable-native-access=io.selectors4j;"
                + " on the class path: --enable-native-access=ALL-UNNAMED)";
    }
}
