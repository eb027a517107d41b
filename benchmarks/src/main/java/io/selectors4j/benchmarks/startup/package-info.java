/// From the start of a process to its first select.
@NullMarked
package io.selectors4j.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
