/// What it costs to register, modify and unregister.
@NullMarked
package io.selectors4j.benchmarks.churn;

import org.jspecify.annotations.NullMarked;
