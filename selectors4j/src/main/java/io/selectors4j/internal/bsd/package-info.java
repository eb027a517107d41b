/// Bindings of kqueue: functions, constants and struct layouts of each system, nothing else.
package io.selectors4j.internal.bsd;
