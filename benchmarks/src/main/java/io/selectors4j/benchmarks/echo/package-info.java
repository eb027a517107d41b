/// Echo servers under load: selectors4j against C on epoll, NIO and Netty.
///
/// Each [io.selectors4j.benchmarks.echo.EchoServer] is a process of its own with one event loop, and
/// [io.selectors4j.benchmarks.echo.Generator], in a process of its own too, is the one client of all of them.
@NullMarked
package io.selectors4j.benchmarks.echo;

import org.jspecify.annotations.NullMarked;
