/// Bindings of kqueue: functions, struct layouts and numbers by system, nothing else.
package io.selectors4j.internal.bsd;
