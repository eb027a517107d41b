package io.selectors4j.internal.sys;

/// The library's own threads: daemons that hold on to nothing of whoever happened to start them.
public final class LibraryThreads {

    private LibraryThreads() {}

    /// Makes a thread.
    ///
    /// @param name what it is for
    /// @param task what it does
    /// @return a thread that has not been started
    @SuppressWarnings("ThreadPriorityCheck") // the starter's may be the lowest
    public static Thread make(String name, Runnable task) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread thread = Thread.ofPlatform()
                .group(group)
                .daemon()
                .name("selectors4j-" + name)
                .priority(Thread.NORM_PRIORITY)
                .inheritInheritableThreadLocals(false)
                .unstarted(task);
        thread.setContextClassLoader(null);
        return thread;
    }
}
