/// The benchmark of libevent's authors: bytes handed on along a ring of pipes.
@NullMarked
package io.selectors4j.benchmarks.chain;

import org.jspecify.annotations.NullMarked;
