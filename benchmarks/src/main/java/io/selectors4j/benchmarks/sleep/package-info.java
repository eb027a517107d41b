/// The delay of a select after its timeout.
@NullMarked
package io.selectors4j.benchmarks.sleep;

import org.jspecify.annotations.NullMarked;
