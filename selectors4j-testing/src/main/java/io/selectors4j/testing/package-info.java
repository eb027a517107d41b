/// A simulated kernel for tests of programs that use selectors4j: [io.selectors4j.testing.Simulation] has selectors,
/// descriptors and a clock, which need no system call and no time.
@NullMarked
package io.selectors4j.testing;

import org.jspecify.annotations.NullMarked;
