package io.selectors4j.internal.posix;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// Converts paths between Java and the kernel byte by byte. A file name is a sequence of bytes that need not be valid
/// in the encoding of the file system. A [Path] and its URI preserve such bytes; its string does not.
public final class PathNames {

    private static final char REPLACEMENT = '\uFFFD';

    private PathNames() {}

    /// Returns a path as a system call takes it.
    ///
    /// @throws UnsupportedOperationException if the path does not belong to the default file system
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

    /// Checks that a path belongs to the default file system, the one that the kernel knows.
    ///
    /// @throws UnsupportedOperationException if it does not, such as a path inside a zip file
    public static void requireDefault(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new UnsupportedOperationException("a path of another file system than the default one: " + path);
        }
    }

    /// Returns the path of a file name.
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
