/// A workload for Jetty's server and client.
@NullMarked
package io.selectors4j.nio.it.jetty;

import org.jspecify.annotations.NullMarked;
