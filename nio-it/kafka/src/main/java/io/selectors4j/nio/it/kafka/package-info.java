/// A workload for a cluster of Kafka brokers.
@NullMarked
package io.selectors4j.nio.it.kafka;

import org.jspecify.annotations.NullMarked;
