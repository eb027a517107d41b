/// Two threads at what the selectors' state machines are made of, millions of times: jcstress counts the outcomes, and none may be
/// forbidden.
package io.selectors4j.stress.jcstress;
