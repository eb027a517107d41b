/// A workload for the HTTP server and client of the JDK.
@NullMarked
package io.selectors4j.nio.it.http;

import org.jspecify.annotations.NullMarked;
