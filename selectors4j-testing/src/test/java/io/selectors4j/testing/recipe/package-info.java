/// The program and the tests of docs/testing.md.
@NullMarked
package io.selectors4j.testing.recipe;

import org.jspecify.annotations.NullMarked;
