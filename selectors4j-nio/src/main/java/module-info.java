import org.jspecify.annotations.NullMarked;

/// `java.nio.channels` on selectors4j: a [java.nio.channels.spi.SelectorProvider] for programs that use the channels of
/// the JDK, and channels of any file descriptor.
@NullMarked
module io.selectors4j.nio {
    requires transitive io.selectors4j;
    requires static com.google.errorprone.annotations; // @GuardedBy
    requires static org.jspecify;
    requires jdk.net; // ExtendedSocketOptions

    exports io.selectors4j.nio;
}
