package io.selectors4j.nio.it.kafka;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;

/// A thread that consumes the records of a topic as the only member of a group, from the beginning. It can consume a
/// record twice when its group moves to another broker.
final class RecordConsumer implements AutoCloseable {

    private final String topic;
    private final BitSet consumed = new BitSet();
    private final Thread thread;
    private volatile boolean closed;

    RecordConsumer(String topic) {
        this.topic = topic;
        thread = Thread.ofPlatform().daemon().name("consumer").start(this::consume);
    }

    /// Returns a consumer that begins with the first record.
    static KafkaConsumer<Integer, byte[]> open() {
        Map<String, Object> configuration = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, Cluster.ALL,
                ConsumerConfig.GROUP_ID_CONFIG, "group",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(configuration, new IntegerDeserializer(), new ByteArrayDeserializer());
    }

    private void consume() {
        try (KafkaConsumer<Integer, byte[]> consumer = open()) {
            consumer.subscribe(List.of(topic));
            while (!closed) {
                for (ConsumerRecord<Integer, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    add(record.key());
                }
            }
        }
    }

    private void add(int number) {
        synchronized (consumed) {
            consumed.set(number);
        }
    }

    /// Returns the numbers of the consumed records.
    BitSet consumed() {
        synchronized (consumed) {
            return (BitSet) consumed.clone();
        }
    }

    /// Leaves the group.
    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join(Duration.ofSeconds(20));
    }
}
