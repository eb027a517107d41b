package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ParkedThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A file that reports a condition to one poll only: the mount table of a child process in a mount namespace of its
/// own.
@Timeout(240)
class PolledOnceTest {

    private static final String MOUNT = "echo ready; while read line; do mount --bind /tmp /tmp && echo mounted; done";

    private Process child;
    private BufferedReader output;
    private Fd mountinfo;

    @BeforeEach
    void startChild() throws IOException {
        List<String> unshare = "root".equals(System.getProperty("user.name"))
                ? List.of("unshare", "--mount", "sh", "-c", MOUNT)
                : List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT);
        child = new ProcessBuilder(unshare).redirectErrorStream(true).start();
        output = child.inputReader();
        assertThat(output.readLine()).isEqualTo("ready");
        mountinfo = FileFd.open(Path.of("/proc/" + child.pid() + "/mountinfo"), FileFd.O_RDONLY);
    }

    @AfterEach
    void stopChild() throws Exception {
        mountinfo.close();
        child.outputWriter().close();
        assertThat(child.waitFor()).isZero();
    }

    private void mount() throws IOException {
        child.outputWriter().write('\n');
        child.outputWriter().flush();
        assertThat(output.readLine()).isEqualTo("mounted");
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL", "EPOLL"})
    void platformThread_reports(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open()) {
            selector.register(mountinfo, Interest.PRIORITY, "mounts");
            ParkedThread<List<ReadyKey<String>>> waiting =
                    ParkedThread.start(Thread.ofPlatform(), () -> selector.select(PATIENCE));
            mount();

            assertThat(waiting.result()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL", "EPOLL"})
    void virtualThread_reports(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open()) {
            selector.register(mountinfo, Interest.PRIORITY, "mounts");
            for (int i = 0; i < 3; i++) {
                ParkedThread<List<ReadyKey<String>>> waiting =
                        ParkedThread.start(() -> selector.select(PATIENCE)).awaitParked();
                mount();

                assertThat(waiting.result()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL", "EPOLL"})
    void registeredDuringVirtualWait_reports(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open();
                EventFd event = EventFd.open(0)) {
            selector.register(event, Interest.READ, "event");
            ParkedThread<List<ReadyKey<String>>> waiting =
                    ParkedThread.start(() -> selector.select(PATIENCE)).awaitParked();
            selector.register(mountinfo, Interest.PRIORITY, "mounts");
            mount();

            assertThat(waiting.result()).extracting(ReadyKey::data).containsExactly("mounts");
        }
    }

    @Test
    void await_reports() throws Exception {
        ParkedThread<Readiness> waiting = ParkedThread.start(() -> Await.ready(mountinfo, Interest.PRIORITY, PATIENCE))
                .awaitParked();
        mount();

        assertThat(waiting.result()).isNotNull();
    }

    @Test
    void await_reportsAnEarlierCondition() throws Exception {
        mount();
        assertThat(ParkedThread.start(() -> Await.ready(mountinfo, Interest.PRIORITY, PATIENCE))
                        .result())
                .isNotNull();
    }
}
