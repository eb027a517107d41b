/// The only shared machinery around the Foreign Function & Memory API: which platform this is, how a C function
/// becomes a method handle, where errno is kept and what its numbers are called.
package io.selectors4j.internal.ffi;
