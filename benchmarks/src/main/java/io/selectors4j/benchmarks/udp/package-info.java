/// The cost of datagrams, one by one and in batches.
@NullMarked
package io.selectors4j.benchmarks.udp;

import org.jspecify.annotations.NullMarked;
