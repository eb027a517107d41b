/// Channels for the JDK's own selectors. These classes link only with
/// `--add-exports java.base/sun.nio.ch=io.selectors4j.nio`, so only [io.selectors4j.nio.FdChannel#openForJdkSelector]
/// loads them.
@NullMarked
package io.selectors4j.nio.jdk;

import org.jspecify.annotations.NullMarked;
