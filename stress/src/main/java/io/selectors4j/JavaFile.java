package io.selectors4j;

import io.selectors4j.internal.selector.CloseListeners;
import java.util.concurrent.atomic.AtomicBoolean;

/// An object of a [JavaKernel]. Closing it deregisters it from its selectors, as an [io.selectors4j.fd.Fd] does.
public final class JavaFile implements Pollable {

    static {
        CloseListeners.addAccessor(fileobj -> fileobj instanceof JavaFile file ? file.listeners : null);
    }

    private final int fd;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final CloseListeners listeners = new CloseListeners(true, false);

    /// Creates an object.
    ///
    /// @param fd its number, less than 64
    public JavaFile(int fd) {
        this.fd = fd;
    }

    @Override
    public int fileno() {
        return open.get() ? fd : -1;
    }

    /// Closes the object, and deregisters it from all selectors.
    public void close() {
        if (open.compareAndSet(true, false)) {
            listeners.fireClosing(this, fd);
        }
    }

    @Override
    public String toString() {
        return "file " + fd;
    }
}
