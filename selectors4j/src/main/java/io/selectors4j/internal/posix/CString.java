package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A path, or another name, as C takes it: bytes in the encoding of the file system, ended by a zero byte.
public final class CString implements Memory {

    private static final Charset ENCODING = Charset.forName(
            System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()), StandardCharsets.UTF_8);

    private final MemorySegment segment;

    /// Encodes a string.
    ///
    /// @param text the string, without a zero character, which a [java.nio.file.Path] cannot hold anyway
    public CString(String text) {
        this(encode(text));
    }

    /// Takes bytes that are encoded already.
    ///
    /// @param bytes the bytes, without a zero byte
    public CString(byte[] bytes) {
        segment = NativeMemory.allocate(bytes.length + 1L, 1);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, 0, bytes.length);
    }

    /// Its length without the zero byte at its end, as strlen(3) counts.
    ///
    /// @return the number of bytes
    public long length() {
        return segment.byteSize() - 1;
    }

    /// Allocates room for a path that a call writes.
    ///
    /// @param size how many bytes, the zero byte included
    public CString(int size) {
        segment = NativeMemory.allocate(size, 1);
    }

    /// The path as it is now.
    ///
    /// @return the bytes before the first zero byte, or all of them if there is none, as a string
    public String text() {
        byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return decode(Arrays.copyOf(bytes, length));
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
