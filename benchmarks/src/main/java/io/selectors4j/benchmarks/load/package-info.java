/// Servers under load. Each server is a separate process. Its client is another process, a
/// [io.selectors4j.benchmarks.load.Generator]; [io.selectors4j.benchmarks.load.Turns] lets them take turns and measures
/// the servers.
@NullMarked
package io.selectors4j.benchmarks.load;

import org.jspecify.annotations.NullMarked;
