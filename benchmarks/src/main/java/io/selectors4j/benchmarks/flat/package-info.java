/// Whether an event costs more when many descriptors are idle.
@NullMarked
package io.selectors4j.benchmarks.flat;

import org.jspecify.annotations.NullMarked;
