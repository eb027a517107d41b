/// The primitives of the operating system, one to one, as in Python's module `select`: [Select], [Poll], [Epoll], with
/// their constants under their C names.
///
/// An object is asked for its descriptor when a call begins. It must not be closed while the call waits.
///
/// Most programs are better served by the selectors in [io.selectors4j]. The waits here end when a descriptor is ready or
/// the time is over; [Thread#interrupt] does not end them, and on a virtual thread they occupy the carrier thread.
package io.selectors4j.os;
