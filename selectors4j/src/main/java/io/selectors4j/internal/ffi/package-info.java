/// The shared code around the Foreign Function & Memory API: the platform, method handles of C functions, errno and
/// native memory.
package io.selectors4j.internal.ffi;
