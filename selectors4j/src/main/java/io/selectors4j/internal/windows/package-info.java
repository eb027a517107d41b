/// Bindings of Windows: functions, constants and struct layouts, nothing else. The socket functions that Windows shares
/// with the Unixes are in [io.selectors4j.internal.posix].
package io.selectors4j.internal.windows;
