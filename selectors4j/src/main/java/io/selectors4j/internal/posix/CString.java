package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// A path as C takes it: bytes in the encoding of the file system, ended by a zero byte.
public final class CString implements Memory {

    private static final Charset ENCODING = Charset.forName(
            System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()), StandardCharsets.UTF_8);

    private final MemorySegment segment;

    /// Encodes a string.
    ///
    /// @param text the string; a [java.nio.file.Path] cannot hold a zero character
    public CString(String text) {
        this(encode(text));
    }

    /// Takes bytes that are encoded already.
    ///
    /// @param bytes the bytes, without a zero byte
    public CString(byte[] bytes) {
        segment = Arena.ofAuto().allocate(bytes.length + 1L);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, 0, bytes.length);
    }

    /// Encodes a path without the zero byte at its end.
    ///
    /// @param path the characters
    /// @return the bytes
    public static byte[] encode(String path) {
        return path.getBytes(ENCODING);
    }

    /// Decodes a path without the zero byte at its end. Bytes that are no characters become U+FFFD.
    ///
    /// @param path the bytes
    /// @return the characters
    public static String decode(byte[] path) {
        return new String(path, ENCODING);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
