package io.selectors4j.internal.jfr;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.Selectors;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Uses a selector in a Java virtual machine without the modules `jdk.jfr` and `java.management`.
final class PlainProgram {

    private PlainProgram() {}

    /// Runs the program.
    public static void main(String[] args) throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open();
                Selector<String> selector = Selector.open()) {
            selector.register(pipe.reader(), Interest.READ, "data");
            pipe.writer().write(ByteBuffer.allocate(1));
            IO.println(selector.select().size() + " ready");
        }
        try {
            Selectors.registerMXBean();
        } catch (UnsupportedOperationException e) {
            IO.println(e.getMessage());
        }
    }
}
