/// How much heap a select takes.
@NullMarked
package io.selectors4j.benchmarks.alloc;

import org.jspecify.annotations.NullMarked;
