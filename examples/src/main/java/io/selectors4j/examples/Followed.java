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

/// A file that [Tail] follows by its name, and how far it has been read.
///
/// The directory is watched for what happens to the name, and the open file for what is written to it. What inotify tells is
/// only a hint to look at the file. One that was renamed stays open, and is read, until there is another one of the name; so
/// its inode, by which the two are told apart, is not used again meanwhile. One that was deleted is closed, since it takes
/// up the disk, and its directory, until then.
final class Followed implements Closeable {

    private static final int OF_THE_DIRECTORY = InotifyFd.IN_CREATE
            | InotifyFd.IN_MOVE
            | InotifyFd.IN_DELETE
            | InotifyFd.IN_ATTRIB
            | InotifyFd.IN_DELETE_SELF
            | InotifyFd.IN_MOVE_SELF;
    private static final int OF_THE_FILE = InotifyFd.IN_MODIFY | InotifyFd.IN_ATTRIB;
    private static final int END_OF_THE_DIRECTORY =
            InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF | InotifyFd.IN_UNMOUNT | InotifyFd.IN_IGNORED;

    private static final int AT_ONCE = 4096;

    /// An open file.
    ///
    /// @param key what tells it from others
    /// @param watch what tells that it was written to
    private record Opened(FileChannel channel, Object key, int watch) {}

    private final String name;
    private final Path path;
    private final String fileName;
    private final Watches watches;
    private final Transcript messages;
    private final int directory;

    private @Nullable Opened opened;
    private long position;
    private boolean accessible = true;
    private boolean deleted;
    private boolean inItsDirectory = true;

    /// Opens a file at the begin of its last lines; or waits for it, if there is none of that name.
    ///
    /// @throws IOException if it cannot be waited for
    Followed(String name, int lines, Watches watches, Transcript messages) throws IOException {
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
        directory = watches.add(parent, OF_THE_DIRECTORY); // from now on, no file of the name is missed
        try {
            Opened first = open();
            opened = first;
            position = LastLines.begin(first.channel(), lines);
        } catch (IOException e) {
            lose(e);
        }
    }

    private Opened open() throws IOException {
        while (true) {
            Object key = key();
            FileChannel channel = FileChannel.open(path);
            boolean done = false;
            try {
                int watch = watches.add(path, OF_THE_FILE);
                done = key.equals(key());
                if (done) {
                    return new Opened(channel, key, watch);
                }
                watches.remove(watch); // of one of those that had the name meanwhile
            } finally {
                if (!done) {
                    channel.close();
                }
            }
        }
    }

    /// What tells the file of the name from others, as long as it is open.
    private Object key() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(name, null, "not a regular file");
        }
        return Objects.requireNonNull(attributes.fileKey(), "no inode");
    }

    /// Takes an event.
    ///
    /// @return whether it is a hint to look at this file
    boolean hears(InotifyEvent event) {
        if (event.has(InotifyFd.IN_Q_OVERFLOW)) {
            return true;
        }
        if (event.wd() == directory) {
            inItsDirectory &= (event.mask() & END_OF_THE_DIRECTORY) == 0;
            boolean ofTheName = event.name().equals(fileName);
            deleted |= ofTheName && event.has(InotifyFd.IN_DELETE);
            return !inItsDirectory || ofTheName;
        }
        return opened != null && event.wd() == opened.watch();
    }

    /// Whether another file of the name would be noticed.
    boolean isInItsDirectory() {
        return inItsDirectory;
    }

    /// Reads on, in another file if that has got the name.
    ///
    /// @return the next bytes; empty if there are none now
    ByteBuffer read() throws IOException {
        while (true) {
            // First the name, then the file: what was written before the name was lost is read in any case.
            boolean isOther = false;
            IOException obstacle = null;
            try {
                isOther = opened == null || !opened.key().equals(key());
            } catch (IOException e) {
                obstacle = e;
            }
            ByteBuffer piece = readOpened();
            if (piece.hasRemaining()) {
                return piece;
            }
            if (obstacle != null) {
                lose(obstacle);
                if (deleted) {
                    close();
                }
                return piece;
            }
            if (!isOther) {
                found("has appeared again");
                return piece;
            }
            try {
                change(open());
            } catch (IOException e) {
                lose(e);
                return piece;
            }
        }
    }

    private ByteBuffer readOpened() throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(AT_ONCE);
        if (opened != null) {
            FileChannel channel = opened.channel();
            if (channel.size() < position) {
                say("file truncated");
                position = 0;
            }
            position += Math.max(0, channel.read(piece, position));
        }
        return piece.flip();
    }

    private void change(Opened next) throws IOException {
        if (accessible) {
            say("has been replaced; following the new file");
        }
        found("has appeared; following the new file");
        close();
        opened = next;
        position = 0;
        deleted = false;
    }

    private void found(String text) {
        if (!accessible) {
            say(text);
        }
        accessible = true;
    }

    private void lose(IOException obstacle) {
        if (accessible) {
            say((opened == null ? "cannot be opened: " : "has become inaccessible: ") + reason(obstacle));
        }
        accessible = false;
    }

    private void say(String text) {
        messages.line("tail: " + name + ": " + text);
    }

    /// Why something could not be done with a file.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> Objects.requireNonNullElse(e.getMessage(), e.toString());
        };
    }

    /// Closes the file that is open.
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
