/// Echo servers under load: selectors4j against C on epoll, NIO and Netty.
///
/// Each [io.selectors4j.benchmarks.echo.EchoServer] is a separate process with one event loop. Each has clients in
/// another process.
@NullMarked
package io.selectors4j.benchmarks.echo;

import org.jspecify.annotations.NullMarked;
