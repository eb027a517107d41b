package io.selectors4j;

import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.NativeAccess;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.selector.IoUringStreams;
import io.selectors4j.internal.windows.AfdLibc;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A system interface for waiting on descriptors.
public enum Backend {
    /// `select()`: on every system, for every kind of descriptor. Its cost grows with the number of descriptors.
    SELECT,
    /// `poll()`: on every system. Its cost grows with the number of descriptors.
    POLL,
    /// epoll: on Linux, where it is the best backend.
    EPOLL,
    /// kqueue: on macOS and the BSDs, where it is the best backend; and on Linux with the library libkqueue, which is
    /// loaded on first use.
    KQUEUE,
    /// AFD: on Windows, where it is the best backend. For sockets only.
    AFD,
    /// epoll, and io_uring for the bytes of batched sockets: on Linux since 6.0. See [IoUringSelector#batch].
    IO_URING;

    private static final String HANGUP_BACKENDS =
            "EPOLL, IO_URING, AFD and, on Linux, POLL can; elsewhere READ with KQUEUE can be edge-triggered";

    private static final Backend[] BEST_FIRST = {EPOLL, AFD, KQUEUE, POLL, SELECT};

    /// Returns the best backend of this system, which [Selector#open] uses.
    ///
    /// @return the backend
    /// @throws UnsupportedOperationException if none is available; the message says why
    public static Backend best() {
        for (Backend backend : BEST_FIRST) {
            if (backend.isAvailable()) {
                return backend;
            }
        }
        throw new UnsupportedOperationException(
                "no backend is available: " + SELECT.unavailabilityCause().orElse(""));
    }

    /// Returns whether this backend is available on this system.
    ///
    /// @return whether [#unavailabilityCause] is empty
    public boolean isAvailable() {
        return unavailabilityCause().isEmpty();
    }

    /// Returns why this backend is not available: another operating system, an architecture with unknown struct
    /// layouts, a library that is not installed, or native access that is not enabled (the text then names the flag for
    /// `java`).
    ///
    /// @return the cause; empty if the backend is available
    public Optional<String> unavailabilityCause() {
        String cause = cause(Platform.CURRENT);
        return Optional.ofNullable(cause != null ? cause : NativeAccess.denial());
    }

    /// Throws unless this backend is available.
    ///
    /// @throws UnsupportedOperationException if it is not available; the message says why
    public void ensureAvailable() {
        Optional<String> cause = unavailabilityCause();
        if (cause.isPresent()) {
            throw new UnsupportedOperationException(this + " is not available: " + cause.get());
        }
    }

    /// Returns whether selectors of this backend support an interest with its modes. The result does not depend on
    /// whether the backend is available. For [#KQUEUE] it is valid for this system's kqueue, or for libkqueue on a
    /// system without one.
    ///
    /// @param events the interest
    /// @return whether [Selector#register] accepts it; false if it has no events
    public boolean supports(Interest events) {
        return !events.isEmpty() && unsupportedCause(events, currentKqueue()) == null;
    }

    /// Throws an [UnsupportedOperationException] unless selectors of this backend support the modes of an interest.
    void requireSupport(Interest events) {
        requireSupport(events, currentKqueue());
    }

    /// As [#requireSupport(Interest)], for the kqueue of a given system.
    void requireSupport(Interest events, @Nullable KqueueSystem system) {
        String cause = unsupportedCause(events, system);
        if (cause != null) {
            throw new UnsupportedOperationException(cause);
        }
    }

    /// Returns why this backend does not support the modes of an interest, or null if it does.
    private @Nullable String unsupportedCause(Interest events, @Nullable KqueueSystem system) {
        if (events.isExclusive() && this != EPOLL) {
            return this + " does not support exclusive waits (" + events + "); EPOLL does";
        }
        if (events.isEdgeTriggered() && (this == SELECT || this == POLL || this == AFD)) {
            return this + " is always level-triggered (" + events
                    + "); EPOLL, KQUEUE and IO_URING can be edge-triggered";
        }
        if (events.isExclusive() && (events.isOneShot() || events.contains(Interest.PRIORITY))) {
            return "EPOLLEXCLUSIVE cannot be combined with one-shot or PRIORITY (" + events + ")";
        }
        if (this == POLL && Platform.IS_WINDOWS && events.contains(Interest.PRIORITY)) {
            return "WSAPoll() cannot wait for urgent data (" + events + "); SELECT and AFD can";
        }
        if (events.contains(Interest.HANGUP)) {
            String cause = hangupCause();
            if (cause != null) {
                return cause + " (" + events + "); " + HANGUP_BACKENDS;
            }
        }
        boolean urgentEdge = events.isEdgeTriggered() && events.contains(Interest.PRIORITY);
        if (system != null && urgentEdge && !system.tellsUrgentData()) {
            return "KQUEUE waits for urgent data with select() on " + system + ", which is level-triggered (" + events
                    + "); OpenBSD and DragonFly BSD have a filter for it";
        }
        return null;
    }

    /// Returns why this backend cannot wait for hang-ups and errors alone, or null if it can.
    private @Nullable String hangupCause() {
        if (this == SELECT) {
            return "SELECT cannot tell a hang-up from data";
        }
        if (this == KQUEUE) {
            return "KQUEUE cannot tell a hang-up from the end of one direction";
        }
        if (this == POLL && Platform.CURRENT.os() != Os.LINUX) {
            return "POLL does not report hang-ups alone on " + Platform.CURRENT;
        }
        return null;
    }

    /// Returns the kqueue of this system, or libkqueue on a system without one; null for the other backends, which so
    /// do not load its class.
    private @Nullable KqueueSystem currentKqueue() {
        return this == KQUEUE
                ? Objects.requireNonNullElse(KqueueSystem.of(Platform.CURRENT.os()), KqueueSystem.LIBKQUEUE)
                : null;
    }

    /// Opens a selector on this backend.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if this backend is not available; the message says why
    public <A extends @Nullable Object> Selector<A> open() throws IOException {
        ensureAvailable();
        // Not a switch expression: to verify its type, the JVM would load all classes.
        if (this == EPOLL) {
            return EpollSelector.open();
        }
        if (this == KQUEUE) {
            return KqueueSelector.open();
        }
        if (this == AFD) {
            return AfdSelector.open();
        }
        if (this == POLL) {
            return PollSelector.open();
        }
        if (this == IO_URING) {
            return IoUringSelector.open();
        }
        return SelectSelector.open();
    }

    /// Returns why this backend is not available on a platform, or null if it is. Native access is not checked.
    @Nullable
    String cause(Platform platform) {
        return switch (this) {
            case SELECT, POLL -> platform.unsupportedCause();
            case EPOLL ->
                platform.os() == Os.LINUX
                        ? platform.unsupportedCause()
                        : "epoll is a facility of Linux, and this is " + platform;
            case AFD -> platform.os() == Os.WINDOWS ? platform.unsupportedCause() : AfdLibc.missing(platform);
            case IO_URING -> ioUringCause(platform);
            case KQUEUE ->
                KqueueSystem.of(platform.os()) == null ? KqueueLibc.missing(platform) : kqueueCause(platform);
        };
    }

    private static @Nullable String ioUringCause(Platform platform) {
        if (platform.os() != Os.LINUX) {
            return "io_uring is a facility of Linux, and this is " + platform;
        }
        String unsupported = platform.unsupportedCause();
        boolean testable = unsupported == null && platform.equals(Platform.CURRENT) && NativeAccess.denial() == null;
        return testable ? IoUringStreams.unavailabilityCause() : unsupported;
    }

    private static @Nullable String kqueueCause(Platform platform) {
        String unsupported = platform.unsupportedCause();
        boolean loadable = unsupported == null && platform.equals(Platform.CURRENT) && NativeAccess.denial() == null;
        return loadable ? KqueueLibc.unavailableCause() : unsupported;
    }
}
