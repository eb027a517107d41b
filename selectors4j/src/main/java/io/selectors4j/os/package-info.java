/// Primitives of the operating system: [Select], [Poll], [Epoll] and [Kqueue], with their constants under their C
/// names. This is Python's module `select`.
///
/// A call reads the descriptor number of an object when the call begins. The object must not be closed during the call.
///
/// The selectors in [io.selectors4j] are the better choice for most programs. A wait of a primitive ends when a
/// descriptor is ready or the timeout expires; [Thread#interrupt] does not end it. On a virtual thread, a platform
/// thread of the library runs the wait, so the carrier is free meanwhile.
package io.selectors4j.os;
