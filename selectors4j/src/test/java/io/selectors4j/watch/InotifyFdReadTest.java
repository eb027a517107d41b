package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.testing.Background;
import io.selectors4j.testing.Directories;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.TestSignal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Reads of an inotify instance: blocking, and the queue of the kernel.
class InotifyFdReadTest extends InotifyFdFixture {

    @Test
    void successiveEqualEvents_areMerged() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        inotify.addWatch(directory, InotifyFd.IN_MODIFY);
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
        }
        assertThat(readAll()).containsExactly("IN_MODIFY file");
    }

    @Test
    void read_blocksUnlessNonBlocking() throws Exception {
        assertThat(inotify.read()).isEmpty();
        inotify.setBlocking(true);
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        try (var reading = Background.start(inotify::read)) {
            reading.awaitAsleep();
            Files.createFile(directory.resolve("file"));
            assertThat(reading.result()).hasSize(1);
        }
    }

    @Test
    void signal_doesNotEndABlockedRead() throws Exception {
        inotify.setBlocking(true);
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        try (TestSignal signal = TestSignal.interrupting("WINCH");
                var reading = Background.start(inotify::read)) {
            for (int i = 0; i < 3; i++) {
                reading.awaitAsleep();
                signal.send(reading);
            }
            reading.awaitAsleep();
            Files.createFile(directory.resolve("file"));
            assertThat(reading.result()).hasSize(1);
        }
    }

    @Test
    void close_endsBlockedReads() throws Exception {
        for (int i = 0; i < 20; i++) {
            InotifyFd fd = InotifyFd.open();
            if (i % 2 == 0) {
                fd.addWatch(Path.of("/"), InotifyFd.IN_DELETE_SELF);
            }
            int number = fd.fileno();
            try (var one = Background.start(fd::read);
                    var two = Background.start(fd::read);
                    var three = Background.start(fd::read)) {
                one.awaitAsleep();
                two.awaitAsleep();
                three.awaitAsleep();
                fd.close();
                for (var reading : List.of(one, two, three)) {
                    assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
                }
            }
            assertThat(Libc.isOpen(number)).isFalse();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(fd::read);
        }
    }

    @Test
    void concurrentReads_readEachEventOnce() throws Exception {
        inotify.setBlocking(true);
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        List<String> names = Collections.synchronizedList(new ArrayList<>());
        List<Background<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(Background.start(() -> {
                while (true) {
                    inotify.read().forEach(event -> names.add(event.name()));
                }
            }));
        }
        for (int i = 0; i < 500; i++) {
            Files.createFile(directory.resolve("file" + i));
        }
        Expect.spinUntil("all events have been read", () -> names.size() >= 500);
        for (Background<Integer> reader : readers) {
            reader.awaitAsleep();
        }
        inotify.close();
        for (Background<Integer> reader : readers) {
            assertThat(reader.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
        assertThat(names).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void manyEvents_areReadByTwoReads() throws Exception {
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        for (int i = 0; i < 1000; i++) {
            Files.createFile(directory.resolve("file" + i));
        }
        List<InotifyEvent> first = inotify.read();
        assertThat(first).hasSizeBetween(100, 999);
        List<InotifyEvent> rest = inotify.read();
        assertThat(rest.getFirst().name()).isEqualTo("file" + first.size());
    }

    @Test
    void longestName_isRead() throws Exception {
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        String name = "n".repeat(255);
        Files.createFile(directory.resolve(name));
        assertThat(readAll()).containsExactly("IN_CREATE " + name);
    }

    @Test
    void fullQueue_reportsOverflow() throws Exception {
        int limit = Directories.maxQueuedEvents();
        inotify.addWatch(directory, InotifyFd.IN_ATTRIB);
        Path one = Files.createFile(directory.resolve("one"));
        Path two = Files.createFile(directory.resolve("two"));
        // Successive equal events would be merged.
        for (int i = 0; i <= limit / 2 + 5; i++) {
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-------"));
            Files.setPosixFilePermissions(two, PosixFilePermissions.fromString("rw-------"));
        }
        List<InotifyEvent> all = new ArrayList<>();
        for (List<InotifyEvent> events = inotify.read(); !events.isEmpty(); events = inotify.read()) {
            all.addAll(events);
        }
        assertThat(all).hasSize(limit + 1);
        assertThat(all.getLast()).isEqualTo(new InotifyEvent(-1, InotifyFd.IN_Q_OVERFLOW, 0, ""));
        assertThat(all.subList(0, limit)).allMatch(event -> event.has(InotifyFd.IN_ATTRIB));
        Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(readAll()).containsExactly("IN_ATTRIB one");
    }

    @Test
    void undecodableName_hasReplacementCharacter() throws Exception {
        Path strange = Path.of(URI.create(directory.toUri() + "a%ffb"));
        Files.createDirectory(strange);
        inotify.addWatch(strange, InotifyFd.IN_CREATE);
        Files.createFile(Path.of(URI.create(strange.toUri() + "x%fe")));
        assertThat(readAll()).containsExactly("IN_CREATE x\uFFFD");
    }

    @Test
    void readIntoByteBuffer_returnsTheStructures() throws Exception {
        int wd = inotify.addWatch(directory, InotifyFd.IN_CREATE);
        Files.createFile(directory.resolve("file"));
        assertErrno("EINVAL", () -> inotify.read(ByteBuffer.allocate(16)));
        ByteBuffer bytes = ByteBuffer.allocate(500).order(ByteOrder.nativeOrder());
        assertThat(inotify.read(bytes)).isEqualTo(32);
        assertThat(bytes.getInt(0)).isEqualTo(wd);
        assertThat(bytes.getInt(4)).isEqualTo(InotifyFd.IN_CREATE);
        assertErrno("EBADF", () -> inotify.write(ByteBuffer.allocate(1)));
    }
}
