package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A path, or another string, as C functions take it: bytes in the encoding of the file system, terminated by a zero
/// byte.
public final class CString implements Memory {

    private static final Charset ENCODING = Charset.forName(
            System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()), StandardCharsets.UTF_8);

    private final MemorySegment segment;

    /// Encodes a string, which must not contain a zero character. (A [java.nio.file.Path] never does.)
    public CString(String text) {
        this(encode(text));
    }

    /// Copies bytes that are already encoded. They must not contain a zero byte.
    public CString(byte[] bytes) {
        segment = NativeMemory.allocate(bytes.length + 1L, 1);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, 0, bytes.length);
    }

    /// Returns the number of bytes before the terminating zero byte, as strlen(3) does.
    public long length() {
        return segment.byteSize() - 1;
    }

    /// Allocates memory that a call writes a path to. The size includes the zero byte.
    public CString(int size) {
        segment = NativeMemory.allocate(size, 1);
    }

    /// Decodes the bytes before the first zero byte, or all of them if there is none.
    public String text() {
        byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return decode(Arrays.copyOf(bytes, length));
    }

    /// Encodes a path, without a terminating zero byte.
    public static byte[] encode(String path) {
        return path.getBytes(ENCODING);
    }

    /// Decodes a path that has no terminating zero byte. Malformed bytes become U+FFFD.
    public static String decode(byte[] path) {
        return new String(path, ENCODING);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
