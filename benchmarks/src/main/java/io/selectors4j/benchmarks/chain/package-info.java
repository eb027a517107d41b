/// libevent's own benchmark: bytes passed along a ring of pipes.
@NullMarked
package io.selectors4j.benchmarks.chain;

import org.jspecify.annotations.NullMarked;
