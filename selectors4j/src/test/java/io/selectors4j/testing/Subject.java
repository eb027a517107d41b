package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Selector;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What the contract is held against: the backends, and KQUEUE on kernels that are written in Java.
public enum Subject {
    SELECT(Backend.SELECT, null),
    POLL(Backend.POLL, null),
    EPOLL(Backend.EPOLL, null),
    KQUEUE(Backend.KQUEUE, null),
    KQUEUE_FAKE_MACOS(Backend.KQUEUE, KqueueSystem.MACOS),
    KQUEUE_FAKE_FREEBSD(Backend.KQUEUE, KqueueSystem.FREEBSD);

    private final Backend backend;
    private final @Nullable KqueueSystem system;

    Subject(Backend backend, @Nullable KqueueSystem system) {
        this.backend = backend;
        this.system = system;
    }

    private static final class MacOs {
        static final FakeKqueue FAKE = new FakeKqueue(KqueueSystem.MACOS);
        static final KqueueLibc LIBC = new KqueueLibc(KqueueSystem.MACOS, FAKE.lookup());
    }

    private static final class FreeBsd {
        static final FakeKqueue FAKE = new FakeKqueue(KqueueSystem.FREEBSD);
        static final KqueueLibc LIBC = new KqueueLibc(KqueueSystem.FREEBSD, FAKE.lookup());
    }

    /// What its selectors say that they are on.
    public Backend backend() {
        return backend;
    }

    /// Whether it is kqueue, on whatever kernel.
    public boolean isKqueue() {
        return backend == Backend.KQUEUE;
    }

    /// Whether it asks the kernel for numbers each time, and hears that one is closed.
    public boolean asksForNumbers() {
        return this == SELECT || this == POLL;
    }

    /// Whether it hears no more of a number that is closed, whatever duplicates it has. libkqueue watches duplicates of its own.
    public boolean forgetsClosedNumbers() {
        return isFake() || (isKqueue() && Platform.CURRENT.os() != Os.LINUX);
    }

    /// Whether who waits to read learns that the other end does not read any more either.
    public boolean tellsReadersOfHangups() {
        return this == POLL || this == EPOLL;
    }

    /// Whether its kernel is written in Java.
    public boolean isFake() {
        return system != null;
    }

    /// Whether it can be tested here.
    public boolean isAvailable() {
        return isFake() ? Platform.CURRENT.os() == Os.LINUX : backend.isAvailable();
    }

    /// Opens a selector.
    public <A extends @Nullable Object> Selector<A> open() throws IOException {
        return switch (this) {
            case SELECT, POLL, EPOLL, KQUEUE -> backend.open();
            case KQUEUE_FAKE_MACOS -> KqueueSelectors.open(MacOs.LIBC);
            case KQUEUE_FAKE_FREEBSD -> KqueueSelectors.open(FreeBsd.LIBC);
        };
    }

    /// Whether its selectors take an interest. Neither macOS nor FreeBSD has a filter for urgent data alone.
    public boolean supports(Interest events) {
        boolean urgentEdge = events.isEdgeTriggered() && events.contains(Interest.PRIORITY);
        return isFake() ? !events.isEmpty() && !events.isExclusive() && !urgentEdge : backend.supports(events);
    }

    /// What has failed in the kernel that is written in Java: then nothing of what it has answered counts.
    public @Nullable Throwable failure() {
        return switch (this) {
            case SELECT, POLL, EPOLL, KQUEUE -> null;
            case KQUEUE_FAKE_MACOS -> MacOs.FAKE.failure();
            case KQUEUE_FAKE_FREEBSD -> FreeBsd.FAKE.failure();
        };
    }

    @Override
    public String toString() {
        return switch (this) {
            case SELECT, POLL, EPOLL, KQUEUE -> name();
            case KQUEUE_FAKE_MACOS -> "kqueue-fake-macos";
            case KQUEUE_FAKE_FREEBSD -> "kqueue-fake-freebsd";
        };
    }
}
