/// The primitives of the operating system, one to one, as in Python's module `select`: [Select], [Poll], [Epoll] and
/// [Kqueue], with their constants under their C names.
///
/// Each call reads an object's descriptor once, when it begins. The descriptor must not be closed while the call waits.
///
/// Most programs are better served by the selectors in [io.selectors4j]. A wait here ends when a descriptor is ready or
/// at the timeout; [Thread#interrupt] does not end it. On a virtual thread, a platform thread of the library makes the
/// call, so the carrier is free meanwhile.
package io.selectors4j.os;
