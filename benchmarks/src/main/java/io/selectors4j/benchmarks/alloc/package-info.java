/// The heap that a select allocates.
@NullMarked
package io.selectors4j.benchmarks.alloc;

import org.jspecify.annotations.NullMarked;
