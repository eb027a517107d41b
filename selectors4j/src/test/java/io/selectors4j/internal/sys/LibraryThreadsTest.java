package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LibraryThreadsTest {

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // of which nothing is to be inherited
    void holdOnToNothingOfWhoStartsThem() {
        CompletableFuture<Thread> made = new CompletableFuture<>();
        Thread starter = Thread.ofPlatform()
                .group(new ThreadGroup("application"))
                .priority(Thread.MIN_PRIORITY)
                .unstarted(() -> made.complete(LibraryThreads.make("test", () -> {})));
        starter.setContextClassLoader(new ClassLoader() {});
        starter.start();

        Thread thread = made.join();
        assertThat(thread.getName()).isEqualTo("selectors4j-test");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
        assertThat(Objects.requireNonNull(thread.getThreadGroup()).getParent()).isNull();
        assertThat(thread.getContextClassLoader()).isNull();
    }
}
