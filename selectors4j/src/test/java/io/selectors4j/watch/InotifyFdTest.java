package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.FileFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Directories;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.TestSignal;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class InotifyFdTest {

    @TempDir
    private Path directory;

    private InotifyFd inotify;

    @BeforeEach
    void open() throws Exception {
        inotify = InotifyFd.open();
        inotify.setBlocking(false);
    }

    @AfterEach
    void close() throws Exception {
        inotify.close();
    }

    private static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }

    /// Reads all queued events as strings: the names of the flags, and the name.
    private List<String> readAll() throws IOException {
        List<String> all = new ArrayList<>();
        for (List<InotifyEvent> events = inotify.read(); !events.isEmpty(); events = inotify.read()) {
            for (InotifyEvent event : events) {
                all.add(InotifyFd.maskToString(event.mask()) + " " + event.name());
            }
        }
        return all;
    }

    @Test
    void newDescriptor_isBlockingAndCloseOnExec() throws Exception {
        try (InotifyFd fresh = InotifyFd.open()) {
            assertThat(fresh.isBlocking()).isTrue();
            assertThat(Libc.isCloseOnExec(fresh.fileno())).isTrue();
            assertThat(fresh).hasToString("InotifyFd[fd=" + fresh.fileno() + "]");
        }
    }

    @Test
    void eventsOfADirectory_comeInOrder() throws Exception {
        int wd = inotify.addWatch(directory, InotifyFd.IN_ALL_EVENTS);
        assertThat(inotify.read()).isEmpty();
        Path file = directory.resolve("file");
        Files.writeString(file, "text");
        assertThat(Files.readString(file)).isEqualTo("text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.createDirectory(directory.resolve("below"));
        Files.delete(file);
        assertThat(readAll())
                .containsExactly(
                        "IN_CREATE file",
                        "IN_OPEN file",
                        "IN_MODIFY file",
                        "IN_CLOSE_WRITE file",
                        "IN_OPEN file",
                        "IN_ACCESS file",
                        "IN_CLOSE_NOWRITE file",
                        "IN_ATTRIB file",
                        "IN_CREATE|IN_ISDIR below",
                        "IN_DELETE file");
        assertThat(wd).isPositive();
    }

    @Test
    void eventsOutsideTheMask_areNotReported() throws Exception {
        inotify.addWatch(directory, InotifyFd.IN_CLOSE_WRITE);
        Files.writeString(directory.resolve("file"), "text");
        assertThat(readAll()).containsExactly("IN_CLOSE_WRITE file");
    }

    @Test
    void rename_sharesCookie() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Path file = Files.createFile(directory.resolve("file"));
        int from = inotify.addWatch(directory, InotifyFd.IN_MOVE);
        int to = inotify.addWatch(other, InotifyFd.IN_MOVE);
        Files.move(file, other.resolve("renamed"));
        Files.move(other.resolve("renamed"), other.resolve("again"));
        List<InotifyEvent> events = inotify.read();
        int first = events.getFirst().cookie();
        int second = events.getLast().cookie();
        assertThat(first).isNotZero().isNotEqualTo(second);
        assertThat(events)
                .containsExactly(
                        new InotifyEvent(from, InotifyFd.IN_MOVED_FROM, first, "file"),
                        new InotifyEvent(to, InotifyFd.IN_MOVED_TO, first, "renamed"),
                        new InotifyEvent(to, InotifyFd.IN_MOVED_FROM, second, "renamed"),
                        new InotifyEvent(to, InotifyFd.IN_MOVED_TO, second, "again"));
    }

    @Test
    void eventOfWatchedFile_hasNoName() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        inotify.addWatch(file, InotifyFd.IN_MODIFY | InotifyFd.IN_MOVE_SELF | InotifyFd.IN_DELETE_SELF);
        Files.writeString(file, "text");
        Files.move(file, directory.resolve("renamed"));
        Files.delete(directory.resolve("renamed"));
        assertThat(readAll()).containsExactly("IN_MODIFY ", "IN_MOVE_SELF ", "IN_DELETE_SELF ", "IN_IGNORED ");
    }

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
    void sameObject_hasOneWatch() throws Exception {
        int wd = inotify.addWatch(directory, InotifyFd.IN_CREATE);
        assertThat(inotify.addWatch(directory.resolve("."), InotifyFd.IN_DELETE))
                .isEqualTo(wd);
        Files.delete(Files.createFile(directory.resolve("one")));
        assertThat(readAll()).as("the mask was replaced").containsExactly("IN_DELETE one");
        assertThat(inotify.addWatch(directory, InotifyFd.IN_CREATE | InotifyFd.IN_MASK_ADD))
                .isEqualTo(wd);
        Files.delete(Files.createFile(directory.resolve("two")));
        assertThat(readAll()).containsExactly("IN_CREATE two", "IN_DELETE two");
        assertErrno("EEXIST", () -> inotify.addWatch(directory, InotifyFd.IN_OPEN | InotifyFd.IN_MASK_CREATE));
    }

    @Test
    void watchFlags_haveTheirEffect() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        assertErrno("ENOTDIR", () -> inotify.addWatch(file, InotifyFd.IN_OPEN | InotifyFd.IN_ONLYDIR));
        int wd = inotify.addWatch(link, InotifyFd.IN_CREATE);
        assertThat(inotify.addWatch(directory, InotifyFd.IN_CREATE)).isEqualTo(wd);
        int ofLink = inotify.addWatch(link, InotifyFd.IN_DELETE_SELF | InotifyFd.IN_DONT_FOLLOW);
        assertThat(ofLink).isNotEqualTo(wd);
        inotify.removeWatch(wd);
        inotify.removeWatch(ofLink);
        assertThat(readAll()).containsExactly("IN_IGNORED ", "IN_IGNORED ");

        inotify.addWatch(directory, InotifyFd.IN_CREATE | InotifyFd.IN_ONESHOT);
        Files.createFile(directory.resolve("one"));
        Files.createFile(directory.resolve("two"));
        assertThat(readAll()).containsExactly("IN_CREATE one", "IN_IGNORED ");
    }

    @Test
    void exclUnlink_omitsDeletedOpenFiles() throws Exception {
        for (int flag : new int[] {0, InotifyFd.IN_EXCL_UNLINK}) {
            inotify.addWatch(directory, InotifyFd.IN_MODIFY | flag);
            Path file = directory.resolve("file");
            try (FileFd open = FileFd.open(file, FileFd.O_WRONLY | FileFd.O_CREAT)) {
                Files.delete(file);
                open.write(ByteBuffer.wrap(new byte[1]));
            }
            assertThat(readAll()).hasSize(flag == 0 ? 1 : 0);
        }
    }

    @Test
    void removeWatch_keepsQueuedEvents() throws Exception {
        int wd = inotify.addWatch(directory, InotifyFd.IN_CREATE);
        Files.createFile(directory.resolve("before"));
        inotify.removeWatch(wd);
        Files.createFile(directory.resolve("after"));
        assertThat(readAll()).containsExactly("IN_CREATE before", "IN_IGNORED ");
        assertErrno("EINVAL", () -> inotify.removeWatch(wd));
        assertErrno("EINVAL", () -> inotify.removeWatch(12345));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inotify.removeWatch(-1))
                .withMessageContaining("-1");
    }

    @Test
    void addWatchFailure_namesThePath() throws Exception {
        Path missing = directory.resolve("missing");
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> inotify.addWatch(missing, InotifyFd.IN_CREATE | InotifyFd.IN_ONLYDIR))
                .withMessage("inotify_add_watch(fd=" + inotify.fileno() + ", " + missing
                        + ", IN_CREATE|IN_ONLYDIR): ENOENT (2) No such file or directory");
        Path file = Files.createFile(directory.resolve("file"));
        assertErrno("ENOTDIR", () -> inotify.addWatch(file.resolve("x"), InotifyFd.IN_CREATE));
        assertErrno("ENAMETOOLONG", () -> inotify.addWatch(directory.resolve("x".repeat(256)), InotifyFd.IN_CREATE));
    }

    @Test
    void unreadableDirectory_failsWithEacces() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path secret = Files.createDirectory(directory.resolve("secret"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Background.run(() -> {
            Libc.dropFilePrivileges();
            inotify.addWatch(directory, InotifyFd.IN_CREATE);
            assertErrno("EACCES", () -> inotify.addWatch(secret, InotifyFd.IN_CREATE));
            return null;
        });
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void wrongMask_isRefused() {
        for (int mask : new int[] {
            0,
            InotifyFd.IN_ISDIR,
            InotifyFd.IN_ONLYDIR | InotifyFd.IN_MASK_ADD,
            InotifyFd.IN_UNMOUNT,
            InotifyFd.IN_ONESHOT
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> inotify.addWatch(directory, mask))
                    .withMessageContaining(InotifyFd.maskToString(mask));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inotify.addWatch(
                        directory, InotifyFd.IN_OPEN | InotifyFd.IN_MASK_ADD | InotifyFd.IN_MASK_CREATE))
                .withMessageContaining("IN_MASK_ADD");
    }

    @Test
    void pathOfAnotherProvider_isRefused() throws Exception {
        Path archive = directory.resolve("archive.zip");
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = Files.createDirectory(zip.getPath("/etc"));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> inotify.addWatch(inside, InotifyFd.IN_CREATE));
        }
    }

    @Test
    void userLimits_failWithTheirErrno() throws Exception {
        Background.run(() -> {
            Libc.failSyscall(addWatchSyscall(), Errno.number("ENOSPC"));
            assertErrno("ENOSPC", () -> inotify.addWatch(directory, InotifyFd.IN_CREATE));
            return null;
        });
        Background.run(() -> {
            Libc.failSyscall(initSyscall(), Errno.number("EMFILE"));
            Map<Integer, String> before = OpenFiles.list();
            assertErrno("EMFILE", InotifyFd::open);
            assertThat(OpenFiles.since(before)).isEmpty();
            return null;
        });
    }

    /// Returns the system call number of `inotify_add_watch`: asm/unistd.h.
    static int addWatchSyscall() {
        return switch (Platform.CURRENT.arch()) {
            case X86_64 -> 254;
            case S390X -> 285;
            case PPC64LE -> 276;
            default -> 27;
        };
    }

    private static int initSyscall() {
        return switch (Platform.CURRENT.arch()) {
            case X86_64 -> 294;
            case S390X -> 324;
            case PPC64LE -> 318;
            default -> 26;
        };
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
    void emptyPath_isTheWorkingDirectory() throws Exception {
        int wd = inotify.addWatch(Path.of(""), InotifyFd.IN_CREATE);
        assertThat(inotify.addWatch(Path.of("").toAbsolutePath(), InotifyFd.IN_CREATE))
                .isEqualTo(wd);
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

    @Test
    void duplicate_sharesWatchesAndEvents() throws Exception {
        try (InotifyFd duplicate = inotify.dup()) {
            int wd = duplicate.addWatch(directory, InotifyFd.IN_CREATE);
            Files.createFile(directory.resolve("file"));
            assertThat(inotify.read()).extracting(InotifyEvent::wd).containsExactly(wd);
            assertThat(duplicate.read()).isEmpty();
            inotify.close();
            Files.createFile(directory.resolve("more"));
            assertThat(duplicate.read()).extracting(InotifyEvent::name).containsExactly("more");
        }
    }

    @Test
    void closed_throwsClosedChannelException() throws Exception {
        inotify.close();
        List<ThrowingCallable> uses = List.of(
                inotify::read,
                () -> inotify.addWatch(directory, InotifyFd.IN_CREATE),
                () -> inotify.removeWatch(1),
                inotify::dup);
        for (ThrowingCallable use : uses) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
    }
}
