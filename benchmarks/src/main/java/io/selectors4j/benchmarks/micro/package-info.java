/// Benchmarks with JMH: one select, and one wakeup.
@NullMarked
package io.selectors4j.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
