/// Bindings of POSIX: functions, constants and struct layouts, nothing else. A nullable parameter is a pointer that C
/// allows to be NULL; null is passed as [java.lang.foreign.MemorySegment#NULL].
package io.selectors4j.internal.posix;
