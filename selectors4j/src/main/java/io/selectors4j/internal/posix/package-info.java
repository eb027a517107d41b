/// Bindings of what POSIX mandates: functions and struct layouts, nothing else. Nullability is the operating system's
/// to state: a null pointer is passed as [java.lang.foreign.MemorySegment#NULL].
package io.selectors4j.internal.posix;
