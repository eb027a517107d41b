/// The cost of an event beside idle descriptors.
@NullMarked
package io.selectors4j.benchmarks.flat;

import org.jspecify.annotations.NullMarked;
