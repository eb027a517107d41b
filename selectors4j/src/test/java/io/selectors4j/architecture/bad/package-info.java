/// A library that violates the rules, for tests of the rules.
package io.selectors4j.architecture.bad;
