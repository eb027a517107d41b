package io.selectors4j.stress.misuse;

import io.selectors4j.internal.ffi.NativeMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Every kind of buffer. If possible, the buffer is a part of larger memory, so that writes beyond it are detected.
enum BufferKind {
    HEAP {
        @Override
        ByteBuffer all(int size) {
            return ByteBuffer.allocate(size);
        }
    },
    HEAP_WITH_OFFSET {
        @Override
        ByteBuffer all(int size) {
            return ByteBuffer.allocate(size + 2 * MARGIN).slice(MARGIN, size);
        }
    },
    HEAP_SEGMENT {
        @Override
        ByteBuffer all(int size) {
            return MemorySegment.ofArray(new byte[size + MARGIN])
                    .asSlice(MARGIN)
                    .asByteBuffer();
        }
    },
    DIRECT {
        @Override
        ByteBuffer all(int size) {
            return ByteBuffer.allocateDirect(size);
        }
    },
    DIRECT_SLICE {
        @Override
        ByteBuffer all(int size) {
            return ByteBuffer.allocateDirect(size + 2 * MARGIN).slice(MARGIN, size);
        }
    },
    /// Ends at a page that is not accessible.
    GUARDED {
        @Override
        ByteBuffer all(int size) {
            return NativeMemory.buffer(size);
        }
    },
    CONFINED {
        @Override
        ByteBuffer all(int size) {
            return Arena.ofConfined().allocate(size).asByteBuffer();
        }
    },
    SHARED {
        @Override
        ByteBuffer all(int size) {
            return Arena.ofShared().allocate(size).asByteBuffer();
        }
    },
    MAPPED {
        @Override
        ByteBuffer all(int size) {
            return map(size, false);
        }
    },
    MAPPED_SEGMENT {
        @Override
        ByteBuffer all(int size) {
            return map(size, true);
        }
    };

    static final int MARGIN = 100;

    /// Returns a buffer with position 0 and limit equal to its capacity.
    abstract ByteBuffer all(int size);

    private static ByteBuffer map(int size, boolean segment) {
        try {
            Path path = Files.createTempFile("mapped", "");
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                Files.delete(path);
                return segment
                        ? file.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto())
                                .asByteBuffer()
                        : file.map(FileChannel.MapMode.READ_WRITE, 0, size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns a buffer with a margin before the position and behind the limit.
    ByteBuffer part(int size) {
        return all(size + 2 * MARGIN).position(MARGIN).limit(MARGIN + size);
    }
}
