package io.selectors4j.examples;

import io.selectors4j.watch.InotifyEvent;
import io.selectors4j.watch.InotifyFd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file that [Tail] follows by its name, and the position up to which it has been read.
///
/// A watch of the directory reports events of the name, and a watch of the open file reports writes. An event is only a
/// hint to check the file. A renamed file stays open, and is read, until another file has the name: while it is open,
/// its inode number, which identifies it, is not reused. A deleted file is closed at once, since it would keep its disk
/// space and its directory.
final class FollowedFile implements Closeable {

    private static final int DIRECTORY_EVENTS = InotifyFd.IN_CREATE
            | InotifyFd.IN_MOVE
            | InotifyFd.IN_DELETE
            | InotifyFd.IN_ATTRIB
            | InotifyFd.IN_DELETE_SELF
            | InotifyFd.IN_MOVE_SELF;
    private static final int FILE_EVENTS = InotifyFd.IN_MODIFY | InotifyFd.IN_ATTRIB;
    private static final int DIRECTORY_GONE_EVENTS =
            InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF | InotifyFd.IN_UNMOUNT | InotifyFd.IN_IGNORED;

    private static final int READ_SIZE = 4096;

    /// An open file.
    ///
    /// @param key identifies the file while it is open
    /// @param watch the watch for writes
    private record OpenFile(FileChannel channel, Object key, int watch) {}

    private final String name;
    private final Path path;
    private final String fileName;
    private final SharedWatches watches;
    private final Transcript messages;
    private final int directory;

    private @Nullable OpenFile opened;
    private long position;
    private boolean accessible = true;
    private boolean deleted;
    private boolean inItsDirectory = true;

    /// Opens a file at its last lines, or waits for a file with this name.
    ///
    /// @throws IOException if its directory cannot be watched, or if it is not a regular file
    FollowedFile(String name, int lines, SharedWatches watches, Transcript messages) throws IOException {
        this.name = name;
        this.watches = watches;
        this.messages = messages;
        path = Path.of(name).toAbsolutePath();
        Path parent = path.getParent();
        Path last = path.getFileName();
        if (parent == null || last == null || (Files.exists(path) && !Files.isRegularFile(path))) {
            throw new FileSystemException(name, null, "not a regular file");
        }
        fileName = last.toString();
        directory = watches.add(parent, DIRECTORY_EVENTS); // before open(), so no new file is missed
        try {
            OpenFile first = open();
            opened = first;
            position = LastLines.position(first.channel(), lines);
        } catch (IOException e) {
            lose(e);
        }
    }

    private OpenFile open() throws IOException {
        while (true) {
            Object key = key();
            FileChannel channel = FileChannel.open(path);
            try {
                int watch = watches.add(path, FILE_EVENTS);
                if (key.equals(key())) {
                    return new OpenFile(channel, key, watch);
                }
                watches.remove(watch); // another file has got the name meanwhile
            } catch (Throwable t) {
                try {
                    channel.close();
                } catch (IOException e) {
                    t.addSuppressed(e);
                }
                throw t;
            }
            channel.close();
        }
    }

    /// Returns the key of the file with this name: it identifies a file while the file is open.
    private Object key() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(name, null, "not a regular file");
        }
        return Objects.requireNonNull(attributes.fileKey(), "no inode");
    }

    /// Processes an event.
    ///
    /// @return whether to check this file
    boolean isConcernedBy(InotifyEvent event) {
        if (event.has(InotifyFd.IN_Q_OVERFLOW)) {
            return true;
        }
        if (event.wd() == directory) {
            inItsDirectory &= (event.mask() & DIRECTORY_GONE_EVENTS) == 0;
            boolean isOfName = event.name().equals(fileName);
            deleted |= isOfName && event.has(InotifyFd.IN_DELETE);
            return !inItsDirectory || isOfName;
        }
        return opened != null && event.wd() == opened.watch();
    }

    /// Returns whether the directory is still watched, so that another file with this name is noticed.
    boolean isInItsDirectory() {
        return inItsDirectory;
    }

    /// Reads the next bytes. Continues with another file if it has got the name.
    ///
    /// @return the next bytes; empty if there are none now
    ByteBuffer read() throws IOException {
        while (true) {
            // The name is checked before the file is read: so bytes written before the name changed are not missed.
            boolean isOther = false;
            IOException failure = null;
            try {
                isOther = opened == null || !opened.key().equals(key());
            } catch (IOException e) {
                failure = e;
            }
            ByteBuffer bytes = readOpened();
            if (bytes.hasRemaining()) {
                return bytes;
            }
            if (failure != null) {
                lose(failure);
                if (deleted) {
                    close();
                }
                return bytes;
            }
            if (!isOther) {
                found("has appeared again");
                return bytes;
            }
            try {
                change(open());
            } catch (IOException e) {
                lose(e);
                return bytes;
            }
        }
    }

    private ByteBuffer readOpened() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(READ_SIZE);
        if (opened != null) {
            FileChannel channel = opened.channel();
            if (channel.size() < position) {
                report("file truncated");
                position = 0;
            }
            position += Math.max(0, channel.read(bytes, position));
        }
        return bytes.flip();
    }

    private void change(OpenFile next) throws IOException {
        if (accessible) {
            report("has been replaced; following the new file");
        }
        found("has appeared; following the new file");
        close();
        opened = next;
        position = 0;
        deleted = false;
    }

    private void found(String text) {
        if (!accessible) {
            report(text);
        }
        accessible = true;
    }

    private void lose(IOException failure) {
        if (accessible) {
            report((opened == null ? "cannot be opened: " : "has become inaccessible: ") + reason(failure));
        }
        accessible = false;
    }

    private void report(String text) {
        messages.line("tail: " + name + ": " + text);
    }

    /// Returns the reason of an exception, without the name of the file.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> Objects.requireNonNullElse(e.getMessage(), e.toString());
        };
    }

    /// Closes the open file.
    @Override
    public void close() throws IOException {
        if (opened != null) {
            watches.remove(opened.watch());
            opened.channel().close();
            opened = null;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
