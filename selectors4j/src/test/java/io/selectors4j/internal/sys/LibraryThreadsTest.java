package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LibraryThreadsTest {

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // the starting thread has another priority
    void thread_inheritsNothingFromItsStarter() {
        CompletableFuture<Thread> created = new CompletableFuture<>();
        Thread starter = Thread.ofPlatform()
                .group(new ThreadGroup("application"))
                .priority(Thread.MIN_PRIORITY)
                .unstarted(() -> created.complete(LibraryThreads.make("test", () -> {})));
        starter.setContextClassLoader(new ClassLoader() {});
        starter.start();

        Thread thread = created.join();
        assertThat(thread.getName()).isEqualTo("selectors4j-test");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
        assertThat(Objects.requireNonNull(thread.getThreadGroup()).getParent()).isNull();
        assertThat(thread.getContextClassLoader()).isNull();
    }
}
