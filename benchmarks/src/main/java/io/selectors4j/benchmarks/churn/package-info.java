/// The cost to register, modify and unregister a descriptor.
@NullMarked
package io.selectors4j.benchmarks.churn;

import org.jspecify.annotations.NullMarked;
