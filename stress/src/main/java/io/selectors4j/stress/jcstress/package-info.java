/// The runner of the jcstress races, which run two threads on the selectors' state machines millions of times and count
/// the outcomes.
package io.selectors4j.stress.jcstress;
