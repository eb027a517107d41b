package io.selectors4j.internal.sys;

/// Creates the threads of the library: daemon threads that inherit nothing from the thread that starts them, neither
/// its group, priority and context class loader nor its thread locals.
public final class LibraryThreads {

    private LibraryThreads() {}

    /// Creates a thread that has not been started. Its name is `selectors4j-` and the given name.
    @SuppressWarnings("ThreadPriorityCheck") // else inherited from the starting thread
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

    /// Creates a virtual thread that has not been started. Its name is `selectors4j-` and the given name.
    public static Thread makeVirtual(String name, Runnable task) {
        return Thread.ofVirtual()
                .name("selectors4j-" + name)
                .inheritInheritableThreadLocals(false)
                .unstarted(task);
    }
}
