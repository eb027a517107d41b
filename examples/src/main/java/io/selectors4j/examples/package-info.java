/// The example programs of `./demo`, each to be read from top to bottom:
///
/// - [io.selectors4j.examples.SelectTimeServer]: `select()` with a timeout
/// - [io.selectors4j.examples.SelectEchoServer] and [io.selectors4j.examples.SelectEchoServerTimeout]: `select()` with
///   three lists
/// - [io.selectors4j.examples.SelectPollEchoServer]: `poll()` and its flags
/// - [io.selectors4j.examples.SelectorsEchoServer]: a selector with callbacks as the data of its keys
/// - [io.selectors4j.examples.Everything]: one selector, one descriptor of each kind
/// - [io.selectors4j.examples.Chat]: clients, the standard input and signals on one selector
/// - [io.selectors4j.examples.Tail]: files that change, the standard output and signals on one selector
/// - [io.selectors4j.examples.Nio]: a server for `java.nio.channels` on [io.selectors4j.nio.SelectorsProvider]
/// - [io.selectors4j.examples.SelectEchoMulticlient] and [io.selectors4j.examples.SelectEchoSlowClient]: clients
///   for the echo servers
///
/// The servers share [io.selectors4j.examples.Listener], [io.selectors4j.examples.Connection] and
/// [io.selectors4j.examples.StopRequest].
package io.selectors4j.examples;
