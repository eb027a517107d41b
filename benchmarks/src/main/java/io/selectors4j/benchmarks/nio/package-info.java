/// Servers for `java.nio.channels` under load, unchanged on two providers: the JDK's, and
/// [io.selectors4j.nio.SelectorsProvider].
@NullMarked
package io.selectors4j.benchmarks.nio;

import org.jspecify.annotations.NullMarked;
