/// Descriptors as objects: sockets, pipes, files, timers, signals, processes and the standard streams.
///
/// An [Fd] is a [io.selectors4j.Pollable] and a [java.nio.channels.ByteChannel]. It unregisters itself from its
/// selectors before it returns its number to the kernel. [Fd#borrow] uses a number that another owner closes,
/// [Fd#fromFd] adopts a number, and a subclass of [Fd] adds another type of descriptor. [JdkChannels] gives selectors
/// access to the channels and streams of the JDK.
///
/// Terminals are in [io.selectors4j.tty], child processes in [io.selectors4j.process], and inotify in
/// [io.selectors4j.watch].
package io.selectors4j.fd;
