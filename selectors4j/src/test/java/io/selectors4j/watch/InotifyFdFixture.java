package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A non-blocking inotify instance and an empty directory.
@Timeout(240)
abstract class InotifyFdFixture {

    @TempDir
    Path directory;

    InotifyFd inotify;

    @BeforeEach
    void open() throws Exception {
        inotify = InotifyFd.open();
        inotify.setBlocking(false);
    }

    @AfterEach
    void close() throws Exception {
        inotify.close();
    }

    static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }

    /// Reads all queued events as strings: the names of the flags, and the name.
    List<String> readAll() throws IOException {
        List<String> all = new ArrayList<>();
        for (List<InotifyEvent> events = inotify.read(); !events.isEmpty(); events = inotify.read()) {
            for (InotifyEvent event : events) {
                all.add(InotifyFd.maskToString(event.mask()) + " " + event.name());
            }
        }
        return all;
    }
}
