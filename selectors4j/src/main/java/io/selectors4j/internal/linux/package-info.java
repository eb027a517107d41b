/// Bindings of the facilities of Linux beyond POSIX: functions, constants and struct layouts, nothing else.
package io.selectors4j.internal.linux;
