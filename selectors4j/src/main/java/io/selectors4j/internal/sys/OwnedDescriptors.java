package io.selectors4j.internal.sys;

import io.selectors4j.internal.jfr.Jfr;
import org.jspecify.annotations.Nullable;

/// Tells JDK Flight Recorder and the [LeakDetector] about descriptors that an object of the library owns.
public final class OwnedDescriptors {

    private static final @Nullable LeakDetector LEAKS =
            Boolean.getBoolean("io.selectors4j.detectLeaks") ? new LeakDetector() : null;

    private OwnedDescriptors() {}

    /// Called by the constructor of an owner.
    public static void opened(Object owner, int fd) {
        Jfr.descriptorOpen(fd, owner.getClass());
        if (LEAKS != null) {
            LEAKS.opened(owner, fd);
        }
    }

    /// Called once by an owner that is closed, while the number is still open.
    public static void closing(Object owner, int fd) {
        Jfr.descriptorClose(fd, owner.getClass());
        if (LEAKS != null) {
            LEAKS.closing(fd);
        }
    }
}
