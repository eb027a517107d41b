/// The cost of a system call on this machine.
@NullMarked
package io.selectors4j.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
