import org.jspecify.annotations.NullMarked;

/// The example programs of selectors4j.
@NullMarked
module io.selectors4j.examples {
    requires info.picocli;
    requires io.selectors4j;
    requires io.selectors4j.nio;
    requires jdk.unsupported; // SignalFd needs it at run time, and the library requires it statically
    requires static org.jspecify;

    opens io.selectors4j.examples to
            info.picocli;
}
