package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.testing.Libc;
import io.selectors4j.watch.InotifyEvent;
import io.selectors4j.watch.InotifyFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// Random bytes in place of inotify events: a socket has the number of an inotify descriptor.
@Tag("ci")
@Tag("linux")
@ExtendWith(Fuzzing.class)
class InotifyFuzzTest {

    private static final int HEADER = 16;

    private static SocketFd.@Nullable Pair kernel;
    private static @Nullable InotifyFd inotify;

    @BeforeAll
    static void open() throws IOException {
        kernel = SocketFd.pair(SocketFd.Type.SEQPACKET);
        kernel.first().setBlocking(false);
        inotify = InotifyFd.open();
        Libc.dupOnto(kernel.first().fileno(), inotify.fileno());
    }

    @AfterAll
    static void close() throws IOException {
        inotify.close();
        kernel.close();
    }

    @FuzzTest
    void randomBytes_areEventsOrAnException(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, input -> {
            byte[] read = input.rest();
            assertThat(kernel.second().write(ByteBuffer.wrap(read))).isEqualTo(read.length);
            List<InotifyEvent> expected = decode(read);
            if (expected != null) {
                List<InotifyEvent> events = inotify.read();
                assertThat(events).isEqualTo(expected);
                events.forEach(event -> assertThat(event.toString()).contains("wd=" + event.wd()));
            } else {
                assertThatThrownBy(inotify::read)
                        .isExactlyInstanceOf(IOException.class)
                        .hasMessageContaining("read(fd=" + inotify.fileno() + ")");
            }
            assertThat(inotify.read()).isEmpty();
        });
    }

    /// Decodes the bytes without the library.
    ///
    /// @return the events; null if the bytes are no valid events
    private static @Nullable List<InotifyEvent> decode(byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<InotifyEvent> events = new ArrayList<>();
        while (left.hasRemaining()) {
            if (left.remaining() < HEADER) {
                return null;
            }
            int wd = left.getInt();
            int mask = left.getInt();
            int cookie = left.getInt();
            int length = left.getInt();
            if (length < 0 || length > left.remaining() || length % Integer.BYTES != 0) {
                return null;
            }
            byte[] name = new byte[length];
            left.get(name);
            int end = 0;
            while (end < length && name[end] != 0) {
                end++;
            }
            events.add(new InotifyEvent(wd, mask, cookie, CString.decode(Arrays.copyOf(name, end))));
        }
        return events;
    }
}
