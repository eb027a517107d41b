/// Runs programs of other projects on the JDK's provider of channels and on selectors4j's, and compares the results.
///
/// [Runner][io.selectors4j.nio.it.Runner] is the main program of each module. It starts a workload twice, each time in
/// a JVM and a network namespace of its own. A workload reports through [Checks][io.selectors4j.nio.it.Checks].
@NullMarked
package io.selectors4j.nio.it;

import org.jspecify.annotations.NullMarked;
