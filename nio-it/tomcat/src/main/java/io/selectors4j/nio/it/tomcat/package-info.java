/// A workload for an embedded Tomcat.
@NullMarked
package io.selectors4j.nio.it.tomcat;

import org.jspecify.annotations.NullMarked;
