package io.selectors4j.internal.posix;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// Paths from the kernel and for it, byte by byte: a name is any bytes, and need not be characters in the encoding of the
/// file system. A [Path] holds such bytes as they are; a string, which it makes of them, does not, but its URI does.
public final class PathNames {

    private static final char REPLACEMENT = '\uFFFD';

    private PathNames() {}

    /// The path as a system call takes it.
    ///
    /// @throws UnsupportedOperationException if it is of another file system than the default one
    public static CString encode(Path path) {
        requireDefault(path);
        String text = path.toString();
        if (text.indexOf(REPLACEMENT) < 0) {
            return new CString(text.isEmpty() ? "." : text);
        }
        String escaped = path.toUri().getRawPath();
        ByteBuffer bytes = ByteBuffer.allocate(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.put((byte) HexFormat.fromHexDigits(escaped, i + 1, i + 3));
                i += 2;
            } else {
                bytes.put((byte) escaped.charAt(i));
            }
        }
        // The URI of a directory has a slash at its end.
        int length = bytes.position() - (escaped.endsWith("/") ? 1 : 0);
        byte[] exact = new byte[length];
        bytes.get(0, exact);
        return new CString(exact);
    }

    /// Makes sure that the kernel knows what a path leads to.
    ///
    /// @throws UnsupportedOperationException if it is of another file system than the default one, such as one inside a zip file
    public static void requireDefault(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new UnsupportedOperationException("a path of another file system than the default one: " + path);
        }
    }

    /// The name of a file in a directory.
    public static Path decode(byte[] name) {
        String text = CString.decode(name);
        if (Arrays.equals(CString.encode(text), name)) {
            return Path.of(text);
        }
        StringBuilder escaped = new StringBuilder("file:///");
        for (byte one : name) {
            escaped.append('%').append(HexFormat.of().toHexDigits(one));
        }
        return Path.of(URI.create(escaped.toString())).getFileName();
    }
}
