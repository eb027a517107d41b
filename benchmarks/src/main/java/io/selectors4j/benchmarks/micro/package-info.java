/// What JMH measures: one select, and one wake-up.
@NullMarked
package io.selectors4j.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
