package io.selectors4j;

import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.NativeAccess;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A way to wait that an operating system offers.
public enum Backend {
    /// `select()`: everywhere, for every kind of descriptor; slow with many.
    SELECT,
    /// `poll()`: on every Unix; slow with many.
    POLL,
    /// epoll: on Linux, the best one there.
    EPOLL,
    /// kqueue: on macOS and the BSDs, the best one there; on Linux where the library libkqueue is installed, which is loaded
    /// when it is first asked for.
    KQUEUE;

    private static final KqueueSystem KQUEUE_HERE =
            Objects.requireNonNullElse(KqueueSystem.of(Platform.CURRENT.os()), KqueueSystem.LIBKQUEUE);

    private static final Backend[] BEST_FIRST = {EPOLL, KQUEUE, POLL, SELECT};

    /// The best backend of this system, which [Selector#open] uses.
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

    /// Whether this backend can be used here.
    ///
    /// @return whether [#open] does not refuse
    public boolean isAvailable() {
        return unavailabilityCause().isEmpty();
    }

    /// Why this backend cannot be used here: another operating system, an architecture whose struct layouts are not known,
    /// a library that is not installed, or native access that is not enabled (the text then names the flag for `java`).
    ///
    /// @return the cause, or nothing if it can be used
    public Optional<String> unavailabilityCause() {
        String cause = cause(Platform.CURRENT);
        return Optional.ofNullable(cause != null ? cause : NativeAccess.denial());
    }

    /// Makes sure that this backend can be used here.
    ///
    /// @throws UnsupportedOperationException if it cannot; the message says why
    public void ensureAvailable() {
        Optional<String> cause = unavailabilityCause();
        if (cause.isPresent()) {
            throw new UnsupportedOperationException(this + " is not available: " + cause.get());
        }
    }

    /// Whether selectors of this backend take an interest, with its modes. That does not depend on whether the backend is
    /// available here; for [#KQUEUE], the answer is that of this system's kqueue, or of libkqueue on one that has none.
    ///
    /// @param events the interest
    /// @return whether `register` takes it; false for one that is empty
    public boolean supports(Interest events) {
        return !events.isEmpty() && refusal(events, KQUEUE_HERE) == null;
    }

    /// Makes sure that selectors of this backend take the modes of an interest.
    void requireSupport(Interest events) {
        requireSupport(events, KQUEUE_HERE);
    }

    /// Makes sure that selectors of this backend take the modes of an interest.
    ///
    /// @param system whose kqueue
    void requireSupport(Interest events, KqueueSystem system) {
        String refusal = refusal(events, system);
        if (refusal != null) {
            throw new UnsupportedOperationException(refusal);
        }
    }

    /// Why they do not.
    ///
    /// @return a sentence; null if they do
    private @Nullable String refusal(Interest events, KqueueSystem system) {
        if (events.isExclusive() && this != EPOLL) {
            return this + " cannot wait exclusively (" + events + "): EPOLL can";
        }
        if (events.isEdgeTriggered() && (this == SELECT || this == POLL)) {
            return this + " is always level-triggered (" + events + "): EPOLL and KQUEUE can be edge-triggered";
        }
        if (events.isExclusive() && (events.isOneShot() || events.contains(Interest.PRIORITY))) {
            return "EPOLLEXCLUSIVE goes neither with one-shot nor with PRIORITY (" + events + ")";
        }
        boolean urgentEdge = events.isEdgeTriggered() && events.contains(Interest.PRIORITY);
        if (this == KQUEUE && urgentEdge && !system.tellsUrgentData()) {
            return "KQUEUE waits for urgent data with select() on " + system + ", which is level-triggered (" + events
                    + "): OpenBSD and DragonFly BSD have a filter for it";
        }
        return null;
    }

    /// Opens a selector on this backend.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if this backend is not available; the message says why
    public <A extends @Nullable Object> Selector<A> open() throws IOException {
        ensureAvailable();
        // Not a switch that has a value: to check its type, the virtual machine would load all four.
        if (this == EPOLL) {
            return EpollSelector.open();
        }
        if (this == KQUEUE) {
            return KqueueSelector.open();
        }
        if (this == POLL) {
            return PollSelector.open();
        }
        return SelectSelector.open();
    }

    /// What stands in the way of this backend on a platform, but for native access.
    @Nullable
    String cause(Platform platform) {
        return switch (this) {
            case SELECT, POLL -> platform.unsupportedCause();
            case EPOLL ->
                platform.os() == Os.LINUX
                        ? platform.unsupportedCause()
                        : "epoll is a facility of Linux, and this is " + platform;
            case KQUEUE ->
                KqueueSystem.of(platform.os()) == null ? KqueueLibc.missing(platform) : kqueueCause(platform);
        };
    }

    private static @Nullable String kqueueCause(Platform platform) {
        String unsupported = platform.unsupportedCause();
        boolean findable = unsupported == null && platform.equals(Platform.CURRENT) && NativeAccess.denial() == null;
        return findable ? KqueueLibc.unavailableCause() : unsupported;
    }
}
