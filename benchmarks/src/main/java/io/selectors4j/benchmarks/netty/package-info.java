/// An example, not a benchmark: Netty waits for a descriptor beside its sockets. It is here because this module has
/// Netty.
@NullMarked
package io.selectors4j.benchmarks.netty;

import org.jspecify.annotations.NullMarked;
