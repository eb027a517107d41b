package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// A path, or another name, as C takes it: bytes in the encoding of the file system, ended by a zero byte.
public final class CString implements Memory {

    private static final Charset ENCODING = Charset.forName(
            System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()), StandardCharsets.UTF_8);

    private final MemorySegment segment;

    /// Encodes a string.
    ///
    /// @param text the string, without a zero character, which a [java.nio.file.Path] cannot hold anyway
    public CString(String text) {
        byte[] bytes = encode(text);
        segment = Arena.ofAuto().allocate(bytes.length + 1L);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, 0, bytes.length);
    }

    /// Its length without the zero byte at its end, as strlen(3) counts.
    ///
    /// @return the number of bytes
    public long length() {
        return segment.byteSize() - 1;
    }

    /// Encodes a path without the zero byte at its end.
    static byte[] encode(String path) {
        return path.getBytes(ENCODING);
    }

    /// Decodes a path without the zero byte at its end.
    static String decode(byte[] path) {
        return new String(path, ENCODING);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
