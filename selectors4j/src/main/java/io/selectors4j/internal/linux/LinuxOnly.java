package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;

/// What this library does on Linux alone.
public final class LinuxOnly {

    private LinuxOnly() {}

    /// Makes sure that this is Linux.
    ///
    /// @param facility what only Linux has, as the begin of a sentence
    /// @throws UnsupportedOperationException if it is not; the message names the facility and the system
    public static void require(String facility) {
        require(Platform.CURRENT, facility);
    }

    static void require(Platform platform, String facility) {
        if (platform.os() != Os.LINUX) {
            throw new UnsupportedOperationException(facility + " is a facility of Linux, and this is " + platform);
        }
    }
}
