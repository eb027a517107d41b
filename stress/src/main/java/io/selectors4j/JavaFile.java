package io.selectors4j;

import io.selectors4j.internal.selector.CloseListeners;
import java.util.concurrent.atomic.AtomicBoolean;

/// What a [JavaKernel] knows by a number: it leaves its selectors when it closes, as an [io.selectors4j.fd.Fd] does.
public final class JavaFile implements Pollable {

    static {
        CloseListeners.addAccessor(fileobj -> fileobj instanceof JavaFile file ? file.membership : null);
    }

    private final int fd;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final CloseListeners membership = new CloseListeners(false);

    /// Makes an object.
    ///
    /// @param fd its number, less than 64
    public JavaFile(int fd) {
        this.fd = fd;
    }

    @Override
    public int fileno() {
        return open.get() ? fd : -1;
    }

    /// Leaves all selectors.
    public void close() {
        if (open.compareAndSet(true, false)) {
            membership.fireClosing(this, fd);
        }
    }

    @Override
    public String toString() {
        return "file " + fd;
    }
}
