/// Child processes whose streams and end are descriptors: [io.selectors4j.process.ChildProcess].
///
/// Linux only. Source: posix_spawn(3).
@NullMarked
package io.selectors4j.process;

import org.jspecify.annotations.NullMarked;
