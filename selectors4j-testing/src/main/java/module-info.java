import org.jspecify.annotations.NullMarked;

/// Tests programs that use selectors4j without a kernel: simulated selectors, descriptors and time.
@NullMarked
module io.selectors4j.testing {
    requires static com.google.errorprone.annotations; // @GuardedBy
    requires static org.jspecify;
    requires transitive io.selectors4j;

    exports io.selectors4j.testing;
}
