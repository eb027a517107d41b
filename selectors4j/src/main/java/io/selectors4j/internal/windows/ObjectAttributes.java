package io.selectors4j.internal.windows;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// The name of an object of the kernel: an `OBJECT_ATTRIBUTES` with its `UNICODE_STRING` (ntdef.h, winternl.h), and the
/// characters of that string.
///
/// ```c
/// typedef struct _OBJECT_ATTRIBUTES {
///     ULONG           Length;                    // 0
///     HANDLE          RootDirectory;             // 8
///     UNICODE_STRING *ObjectName;                // 16
///     ULONG           Attributes;                // 24
///     void           *SecurityDescriptor;        // 32
///     void           *SecurityQualityOfService;  // 40
/// } OBJECT_ATTRIBUTES;                           // 48 bytes
///
/// typedef struct _UNICODE_STRING {
///     USHORT Length;                             // 0, in bytes
///     USHORT MaximumLength;                      // 2
///     WCHAR *Buffer;                             // 8
/// } UNICODE_STRING;                              // 16 bytes
/// ```
public final class ObjectAttributes implements Memory {

    /// `OBJECT_ATTRIBUTES`, the same on every 64-bit architecture.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("Length"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.JAVA_LONG.withName("RootDirectory"),
            ValueLayout.ADDRESS.withName("ObjectName"),
            ValueLayout.JAVA_INT.withName("Attributes"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.ADDRESS.withName("SecurityDescriptor"),
            ValueLayout.ADDRESS.withName("SecurityQualityOfService"));

    /// `UNICODE_STRING`, the same on every 64-bit architecture.
    public static final StructLayout UNICODE_STRING = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("Length"),
            ValueLayout.JAVA_SHORT.withName("MaximumLength"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.ADDRESS.withName("Buffer"));

    private static final long OBJECT_NAME = Layouts.offset(LAYOUT, "ObjectName");
    private static final long STRING = LAYOUT.byteSize();
    private static final long MAXIMUM_LENGTH = Layouts.offset(UNICODE_STRING, "MaximumLength");
    private static final long BUFFER = Layouts.offset(UNICODE_STRING, "Buffer");
    private static final long CHARACTERS = STRING + UNICODE_STRING.byteSize();

    private final MemorySegment segment;

    /// Allocates the structs for a name.
    public ObjectAttributes(String name) {
        byte[] characters = name.getBytes(StandardCharsets.UTF_16LE);
        segment = NativeMemory.allocate(CHARACTERS + characters.length, Long.BYTES);
        segment.set(ValueLayout.JAVA_INT, 0, (int) LAYOUT.byteSize());
        segment.set(ValueLayout.JAVA_LONG, OBJECT_NAME, segment.address() + STRING);
        segment.set(ValueLayout.JAVA_SHORT, STRING, (short) characters.length);
        segment.set(ValueLayout.JAVA_SHORT, STRING + MAXIMUM_LENGTH, (short) characters.length);
        segment.set(ValueLayout.JAVA_LONG, STRING + BUFFER, segment.address() + CHARACTERS);
        MemorySegment.copy(characters, 0, segment, ValueLayout.JAVA_BYTE, CHARACTERS, characters.length);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
