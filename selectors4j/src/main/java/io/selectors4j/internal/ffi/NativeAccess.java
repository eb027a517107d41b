package io.selectors4j.internal.ffi;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Whether the Java virtual machine lets this library call native code (JEP 472), and what to do when it does not.
public final class NativeAccess {

    private NativeAccess() {}

    /// What stands in the way of native calls.
    ///
    /// @return a sentence with the exact flag for the module path and for the class path, or null if nothing does
    @SuppressWarnings("restricted") // asking is the purpose: reinterpret is the cheapest restricted method
    public static @Nullable String denial() {
        Module module = NativeAccess.class.getModule();
        if (module.isNativeAccessEnabled()) {
            return null;
        }
        try {
            // Where the machine only warns (the default of JDK 24 and 25), the first call grants access.
            MemorySegment unused = MemorySegment.NULL.reinterpret(0);
            return unused.byteSize() == 0 ? null : "a segment of no bytes has some";
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
