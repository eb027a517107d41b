/// How late a select is whose time is over.
@NullMarked
package io.selectors4j.benchmarks.sleep;

import org.jspecify.annotations.NullMarked;
