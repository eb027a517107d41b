/// Bindings of what Linux has beyond POSIX: functions, struct layouts and numbers, nothing else.
package io.selectors4j.internal.linux;
