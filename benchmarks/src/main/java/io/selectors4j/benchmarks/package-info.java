/// selectors4j against C, NIO and Netty.
///
/// Each side of a comparison is a process of its own, a [io.selectors4j.benchmarks.Worker], which does a round whenever it is
/// asked to; so no side sees what another one does to the compiler or the heap. [io.selectors4j.benchmarks.Rounds] asks them in
/// turn, A B A B…, and what counts is the median of the ratios within each turn.
///
/// - [io.selectors4j.benchmarks.Bench] is the command line, and [io.selectors4j.benchmarks.Benchmark] what it runs.
/// - [io.selectors4j.benchmarks.Task] is what a worker in Java does; the other workers are C programs, in `src/main/c`.
@NullMarked
package io.selectors4j.benchmarks;

import org.jspecify.annotations.NullMarked;
