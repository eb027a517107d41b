/// A workload that runs the test suite of Netty.
@NullMarked
package io.selectors4j.nio.it.netty;

import org.jspecify.annotations.NullMarked;
