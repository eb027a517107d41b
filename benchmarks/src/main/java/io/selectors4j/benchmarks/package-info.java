/// selectors4j against C, NIO and Netty.
///
/// Each contender is a separate process, a [io.selectors4j.benchmarks.Worker], which runs a round on request. No
/// contender sees the effects of another contender on the compiler or the heap. [io.selectors4j.benchmarks.Rounds] runs
/// them in turn, A B A B…; the result is the median of the ratios within each round.
///
/// - [io.selectors4j.benchmarks.Bench] is the command line, which runs each [io.selectors4j.benchmarks.Benchmark].
/// - [io.selectors4j.benchmarks.Task] is the work of a worker in Java. The other workers are C programs, in
///   `src/main/c`.
@NullMarked
package io.selectors4j.benchmarks;

import org.jspecify.annotations.NullMarked;
