/// Owned file descriptors: sockets, pipes, files and the standard streams. Each is a [io.selectors4j.Pollable] and a channel
/// of NIO's kind, and leaves its selectors before it gives its number back.
package io.selectors4j.fd;
