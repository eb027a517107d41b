package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// An `off_t`, 64 bits on every LP64 system: the position in a file, which the call advances.
public final class FileOffset implements Memory {

    /// Stands for the position of the open file, which a call with a null pointer uses.
    public static final long CURRENT = -1;

    private static final ThreadLocal<FileOffset> SOURCE = new OfThread();
    private static final ThreadLocal<FileOffset> TARGET = new OfThread();

    private final MemorySegment segment = NativeMemory.allocate(ValueLayout.JAVA_LONG);

    private FileOffset() {}

    private static final class OfThread extends ThreadLocal<FileOffset> {
        @Override
        protected FileOffset initialValue() {
            return new FileOffset();
        }
    }

    /// Returns the current thread's own memory for the position to read from, or null for [#CURRENT]. It is valid until
    /// the thread calls this method again.
    public static @Nullable FileOffset ofSource(long position) {
        return position == CURRENT ? null : SOURCE.get().at(position);
    }

    /// Returns the current thread's own memory for the position to write to, or null for [#CURRENT]. It is valid until
    /// the thread calls this method again.
    public static @Nullable FileOffset ofTarget(long position) {
        return position == CURRENT ? null : TARGET.get().at(position);
    }

    private FileOffset at(long position) {
        segment.set(ValueLayout.JAVA_LONG, 0, position);
        return this;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
