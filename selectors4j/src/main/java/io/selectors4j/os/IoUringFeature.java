package io.selectors4j.os;

import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.sys.IoUringInstance;

/// A part of [IoUring] that needs a newer kernel than the others. The kernel is asked, not its version: distributions
/// add features to older versions.
public enum IoUringFeature {
    /// [IoUring#pollMultishot]: Linux 5.13.
    POLL_MULTISHOT("5.13"),
    /// [IoUring#acceptMultishot]: Linux 5.19.
    ACCEPT_MULTISHOT("5.19"),
    /// [IoUring#cancelAll]: Linux 5.19.
    CANCEL_ALL("5.19"),
    /// [IoUring#provideBuffers]: Linux 5.19.
    PROVIDED_BUFFERS("5.19"),
    /// [IoUring#recvMultishot]: Linux 6.0.
    RECV_MULTISHOT("6.0");

    private final String version;

    IoUringFeature(String version) {
        this.version = version;
    }

    /// Returns the first version of Linux that has the feature.
    ///
    /// @return the version, such as `5.19`
    public String version() {
        return version;
    }

    /// Returns whether the kernel of an instance has the feature, which it does not report itself: whether it has
    /// something else that the same version has brought.
    boolean isIn(IoUringInstance instance) {
        return switch (this) {
            case POLL_MULTISHOT -> instance.hasFeature(IoUringConstants.IORING_FEAT_RSRC_TAGS);
            case ACCEPT_MULTISHOT, CANCEL_ALL, PROVIDED_BUFFERS ->
                instance.hasOperation(IoUringConstants.IORING_OP_SOCKET);
            case RECV_MULTISHOT -> instance.hasOperation(IoUringConstants.IORING_OP_SEND_ZC);
        };
    }
}
