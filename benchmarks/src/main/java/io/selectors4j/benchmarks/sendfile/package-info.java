/// The cost of sending a file to a socket in the kernel.
@NullMarked
package io.selectors4j.benchmarks.sendfile;

import org.jspecify.annotations.NullMarked;
