package io.selectors4j.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Finds the last lines of a file. Reads from the end, so the time does not depend on the length of the file.
final class LastLines {

    private static final int BLOCK = 8192;

    private LastLines() {}

    /// Returns the position of the last lines of a file. A last line without a line feed counts.
    ///
    /// @param count the number of lines, at least 1
    /// @return the position of the first of them; 0 if the file has no more lines
    static long position(FileChannel file, int count) throws IOException {
        long end = file.size();
        int ends = 0;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long from;
        for (long to = end; to > 0; to = from) {
            from = Math.max(0, to - BLOCK);
            block.clear().limit((int) (to - from));
            while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {}
            for (int i = block.position() - 1; i >= 0; i--) {
                boolean isLast = from + i == end - 1; // a line feed at the end of the file
                if (block.get(i) == '\n' && !isLast && ++ends == count) {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }
}
