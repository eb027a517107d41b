package io.selectors4j.benchmarks.startup;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A program that selects one ready pipe with a [Selector].
final class OurStart {

    private OurStart() {}

    public static void main(String[] args) throws IOException {
        try (Selector<String> selector = Selector.open();
                PipeFd.Pipe pipe = PipeFd.open()) {
            selector.register(pipe.reader(), Interest.READ, "pipe");
            pipe.writer().write(ByteBuffer.wrap(new byte[1]));
            if (selector.select().size() != 1) {
                throw new IllegalStateException("the pipe is not ready");
            }
        }
    }
}
