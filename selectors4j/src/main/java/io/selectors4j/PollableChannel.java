package io.selectors4j;

import java.nio.channels.ByteChannel;

/// A byte channel with a descriptor to wait for. Every [io.selectors4j.fd.Fd] is one, and so are the simulated streams
/// of the module `io.selectors4j.testing`: a program that uses this type can be tested without a kernel.
public interface PollableChannel extends Pollable, ByteChannel {}
