package io.selectors4j.nio.it.kafka;

import static io.selectors4j.nio.it.Checks.requireEqual;

import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;

/// A thread that sends numbered records at a fixed rate; a record is acknowledged when two replicas have it.
final class RecordProducer {

    private static final int VALUE_LENGTH = 200;

    private final String topic;
    private final int count;
    private final int perSecond;
    private final BitSet acknowledged = new BitSet();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final Thread thread;

    RecordProducer(String topic, int count, int perSecond) {
        this.topic = topic;
        this.count = count;
        this.perSecond = perSecond;
        thread = Thread.ofPlatform().daemon().name("producer").start(this::send);
    }

    private void send() {
        Map<String, Object> configuration = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                Cluster.ALL,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                90_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000);
        long begin = System.nanoTime();
        try (KafkaProducer<Integer, byte[]> producer =
                new KafkaProducer<>(configuration, new IntegerSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                int number = i;
                Future<?> _ = producer.send(new ProducerRecord<>(topic, number, new byte[VALUE_LENGTH]), (_, failure) -> {
                    if (failure == null) {
                        acknowledge(number);
                    } else {
                        failure.printStackTrace();
                        failures.incrementAndGet();
                    }
                });
                sent.incrementAndGet();
                long due = begin + TimeUnit.SECONDS.toNanos(i) / perSecond;
                LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
            }
        }
    }

    private void acknowledge(int number) {
        synchronized (acknowledged) {
            acknowledged.set(number);
        }
    }

    /// Returns the number of records that were handed to the producer.
    int sent() {
        return sent.get();
    }

    /// Returns whether all records were acknowledged or have failed.
    boolean isDone() {
        return !thread.isAlive();
    }

    /// Requires that every record was acknowledged.
    void verify() {
        requireEqual("records that failed", 0, failures.get());
        requireEqual("acknowledged records", count, acknowledged().cardinality());
    }

    /// Returns the numbers of the acknowledged records.
    BitSet acknowledged() {
        synchronized (acknowledged) {
            return (BitSet) acknowledged.clone();
        }
    }
}
