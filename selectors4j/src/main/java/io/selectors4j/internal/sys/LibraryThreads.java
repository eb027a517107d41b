package io.selectors4j.internal.sys;

/// The library's own threads: daemons that hold on to nothing of whoever happened to start them.
public final class LibraryThreads {

    private LibraryThreads() {}

    /// Makes a thread.
    ///
    /// @param name what it is for
    /// @param task what it does
    /// @return a thread that has not been started
    public static Thread make(String name, Runnable task) {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("selectors4j-" + name)
                .inheritInheritableThreadLocals(false)
                .unstarted(task);
        thread.setContextClassLoader(null);
        return thread;
    }
}
