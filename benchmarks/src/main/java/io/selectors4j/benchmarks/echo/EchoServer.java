package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.load.LoadedServer;

/// An echo server for any number of TCP connections, in one thread.
///
/// All servers do the same, as far as their API lets them. They are level-triggered. When a connection is readable,
/// they read once, into one buffer for all connections, and write immediately. The connection keeps only the bytes that
/// could not be written, and is not read until they are.
public interface EchoServer extends LoadedServer {}
