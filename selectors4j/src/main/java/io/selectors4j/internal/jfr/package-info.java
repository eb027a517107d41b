/// Events of JDK Flight Recorder. An event that no recording has enabled costs one check, and creates no object.
@NullMarked
package io.selectors4j.internal.jfr;

import org.jspecify.annotations.NullMarked;
