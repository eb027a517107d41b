/// A workload for an ensemble of ZooKeeper servers.
@NullMarked
package io.selectors4j.nio.it.zookeeper;

import org.jspecify.annotations.NullMarked;
