package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;

/// Checks for features that this library has on Linux only.
public final class LinuxOnly {

    private LinuxOnly() {}

    /// Checks that this system is Linux.
    ///
    /// @param facility the feature, as the subject of the message
    /// @throws UnsupportedOperationException if it is not; the message names the feature and the system
    public static void require(String facility) {
        require(Platform.CURRENT, facility, "");
    }

    /// Checks that this system is Linux.
    ///
    /// @param facility the feature, as the subject of the message
    /// @param alternative a sentence about the method that replaces it on other systems
    /// @throws UnsupportedOperationException if it is not; the message names the feature, the system and the
    ///     alternative
    public static void require(String facility, String alternative) {
        require(Platform.CURRENT, facility, alternative);
    }

    static void require(Platform platform, String facility, String alternative) {
        if (platform.os() != Os.LINUX) {
            throw new UnsupportedOperationException(facility + " is a facility of Linux, and this is " + platform
                    + (alternative.isEmpty() ? "" : "; " + alternative));
        }
    }
}
