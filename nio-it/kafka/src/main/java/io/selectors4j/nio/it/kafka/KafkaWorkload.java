package io.selectors4j.nio.it.kafka;

import static io.selectors4j.nio.it.Checks.require;
import static io.selectors4j.nio.it.Checks.requireEqual;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.Waiting;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// A cluster of three brokers, one of which is killed and restarted while records are produced and consumed.
final class KafkaWorkload {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TOPIC = "records";
    private static final int PARTITIONS = 6;
    private static final int COUNT = 60_000;
    private static final int PER_SECOND = 2_000;

    private final Cluster cluster;
    private final Admin admin;

    private KafkaWorkload(Cluster cluster, Admin admin) {
        this.cluster = cluster;
        this.admin = admin;
    }

    public static void main(String[] args) {
        Checks.main(checks -> {
            checks.describe("3 brokers, topic with 3 replicas, min.insync.replicas 2, acks=all; %,d records; a broker "
                            .formatted(COUNT)
                    + "killed and restarted");
            try (Cluster cluster = new Cluster(checks)) {
                checks.check("start", LIMIT, cluster::start);
                try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, Cluster.ALL))) {
                    new KafkaWorkload(cluster, admin).run(checks);
                }
                checks.check("orderly stop", LIMIT, cluster::stop);
            }
        });
    }

    private void run(Checks checks) throws InterruptedException {
        checks.check("a topic with 3 replicas", LIMIT, this::createTopic);
        checks.check("every record is acknowledged and consumed", Duration.ofMinutes(3), this::loseBroker);
        checks.check("every record is in the log once, in order", LIMIT, KafkaWorkload::readAgain);
    }

    private int brokers() throws Exception {
        return admin.describeCluster().nodes().get().size();
    }

    /// Returns the smallest number of replicas in sync of all partitions.
    private int inSync() throws Exception {
        return Objects.requireNonNull(admin.describeTopics(List.of(TOPIC))
                        .allTopicNames()
                        .get()
                        .get(TOPIC))
                .partitions()
                .stream()
                .mapToInt(partition -> partition.isr().size())
                .min()
                .orElse(0);
    }

    private void createTopic() throws Exception {
        Waiting.until("three brokers", LIMIT, () -> brokers() == Cluster.NUMBERS.size());
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 3)))
                .all()
                .get();
        Waiting.until("all replicas in sync", LIMIT, () -> inSync() == 3);
    }

    private void loseBroker() throws Exception {
        try (RecordConsumer consumer = new RecordConsumer(TOPIC)) {
            RecordProducer producer = new RecordProducer(TOPIC, COUNT, PER_SECOND);
            Waiting.until("records before", LIMIT, () -> consumer.consumed().cardinality() > COUNT / 6);
            cluster.kill(2);
            Waiting.until("the loss is noticed", LIMIT, () -> inSync() == 2);
            Waiting.until("records meanwhile", LIMIT, () -> producer.sent() > COUNT / 2);
            cluster.start(2);
            Waiting.until("all replicas in sync again", LIMIT, () -> inSync() == 3);
            Waiting.until("end of the producer", LIMIT, producer::isDone);
            producer.verify();
            Waiting.until("all records", LIMIT, () -> isSubset(producer.acknowledged(), consumer.consumed()));
            requireEqual("consumed records", COUNT, consumer.consumed().cardinality());
        }
    }

    private static boolean isSubset(BitSet part, BitSet all) {
        BitSet missing = (BitSet) part.clone();
        missing.andNot(all);
        return missing.isEmpty();
    }

    private static void readAgain() {
        Map<Integer, Integer> last = new HashMap<>();
        BitSet read = new BitSet();
        try (KafkaConsumer<Integer, byte[]> consumer = RecordConsumer.open()) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                    .toList();
            requireEqual("partitions", PARTITIONS, partitions.size());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (read.cardinality() < COUNT) {
                for (ConsumerRecord<Integer, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    require(!read.get(record.key()), "record " + record.key() + " twice");
                    read.set(record.key());
                    int before = Objects.requireNonNullElse(last.put(record.partition(), record.key()), -1);
                    require(before < record.key(), "record " + record.key() + " after " + before);
                }
            }
        }
    }
}
