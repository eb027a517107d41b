package io.selectors4j.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Finds the last lines of a file, from its end, so that a long file costs no more than a short one.
final class LastLines {

    private static final int BLOCK = 8192;

    private LastLines() {}

    /// Where the last lines of a file begin. A line without an end counts.
    ///
    /// @param count how many lines, at least one
    /// @return the position of the first of them; 0 if there are no more
    static long begin(FileChannel file, int count) throws IOException {
        long end = file.size();
        int ends = 0;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long from;
        for (long to = end; to > 0; to = from) {
            from = Math.max(0, to - BLOCK);
            block.clear().limit((int) (to - from));
            while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {}
            for (int i = block.position() - 1; i >= 0; i--) {
                boolean isLast = from + i == end - 1; // it ends the last line and does not begin another one
                if (block.get(i) == '\n' && !isLast && ++ends == count) {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }
}
