/// The primitives of the operating system, one to one, as in Python's module `select`: [Select], [Poll], [Epoll], [Kqueue], with
/// their constants under their C names.
///
/// An object is asked for its descriptor when a call begins. It must not be closed while the call waits.
///
/// Most programs are better served by the selectors in [io.selectors4j]. The waits here end when a descriptor is ready or
/// the time is over; [Thread#interrupt] does not end them. On a virtual thread, a platform thread of the library's own makes the
/// call, so that the carrier is free meanwhile.
package io.selectors4j.os;
