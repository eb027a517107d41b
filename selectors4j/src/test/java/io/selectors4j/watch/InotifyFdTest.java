package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.FileFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InotifyFdTest extends InotifyFdFixture {

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
    void emptyPath_isTheWorkingDirectory() throws Exception {
        int wd = inotify.addWatch(Path.of(""), InotifyFd.IN_CREATE);
        assertThat(inotify.addWatch(Path.of("").toAbsolutePath(), InotifyFd.IN_CREATE))
                .isEqualTo(wd);
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
