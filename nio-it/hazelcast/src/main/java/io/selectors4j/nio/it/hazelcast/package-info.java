/// A workload for a cluster of Hazelcast members.
@NullMarked
package io.selectors4j.nio.it.hazelcast;

import org.jspecify.annotations.NullMarked;
