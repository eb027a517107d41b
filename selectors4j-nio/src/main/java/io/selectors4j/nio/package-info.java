/// `java.nio.channels` on selectors4j. Start `java` with
/// `-Djava.nio.channels.spi.SelectorProvider=io.selectors4j.nio.SelectorsProvider` to let a program use it unchanged.
@NullMarked
package io.selectors4j.nio;

import org.jspecify.annotations.NullMarked;
