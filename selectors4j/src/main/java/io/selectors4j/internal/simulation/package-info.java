/// The access of the module `io.selectors4j.testing` to the library: the kernel's side of a simulated selector. A
/// program without a simulation loads no class of this package.
package io.selectors4j.internal.simulation;
