/// File descriptors as objects: sockets, pipes, files, timers, events, signals, processes and the standard streams.
/// Each is a [io.selectors4j.Pollable] and most are channels of NIO. Closing an object unregisters it from its
/// selectors before its number is closed.
package io.selectors4j.fd;
