/// A library that breaks the rules, to see that they notice.
package io.selectors4j.architecture.bad;
