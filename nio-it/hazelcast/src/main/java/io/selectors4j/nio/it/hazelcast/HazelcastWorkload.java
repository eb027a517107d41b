package io.selectors4j.nio.it.hazelcast;

import static io.selectors4j.nio.it.Checks.require;
import static io.selectors4j.nio.it.Checks.requireEqual;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.Load;
import io.selectors4j.nio.it.RandomBytes;
import io.selectors4j.nio.it.ServerProcess;
import io.selectors4j.nio.it.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A cluster of two members, one of which is killed and restarted, and a client.
final class HazelcastWorkload {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int COUNT = 20_000;

    private final HazelcastInstance client;

    private HazelcastWorkload(HazelcastInstance client) {
        this.client = client;
    }

    public static void main(String[] args) {
        Checks.main(checks -> {
            checks.describe("2 members and a client; %,d entries with a backup; a member killed and restarted"
                    .formatted(COUNT));
            try (ServerProcess first = start(checks, 5701);
                    ServerProcess second = start(checks, 5702)) {
                first.await("READY", LIMIT);
                second.await("READY", LIMIT);
                HazelcastInstance client = connect();
                run(checks, new HazelcastWorkload(client), second);
                client.shutdown();
                checks.check("orderly stop", () -> first.stop(LIMIT));
            }
        });
    }

    private static void run(Checks checks, HazelcastWorkload workload, ServerProcess second)
            throws InterruptedException, IOException {
        checks.check("two members", () -> workload.awaitMembers(2));
        checks.check("put and get", workload::putAndGet);
        checks.check("values of 1 MB", workload::largeValues);
        checks.check("events", workload::events);
        checks.check("all entries after the loss of a member", () -> workload.lose(second));
        try (ServerProcess again = start(checks, 5702)) {
            checks.check("a member joins", () -> {
                again.await("READY", LIMIT);
                workload.awaitMembers(2);
                workload.verifyAll();
            });
            checks.check("orderly stop of a member", () -> again.stop(LIMIT));
        }
    }

    private static ServerProcess start(Checks checks, int port) throws IOException {
        return ServerProcess.start(
                checks, "member-" + port, List.of("-Xmx400m"), Member.class.getName(), String.valueOf(port));
    }

    private static HazelcastInstance connect() {
        ClientConfig config = new ClientConfig();
        config.setClusterName("nio-it");
        config.setProperty("hazelcast.logging.type", "jdk");
        config.getNetworkConfig().addAddress("127.0.0.1:5701", "127.0.0.1:5702");
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(30_000);
        return HazelcastClient.newHazelcastClient(config);
    }

    private void awaitMembers(int count) throws InterruptedException {
        Waiting.until(
                count + " members",
                LIMIT,
                () -> client.getCluster().getMembers().size() == count);
    }

    private IMap<Integer, String> map() {
        return client.getMap("entries");
    }

    private void putAndGet() throws Exception {
        Load.run(Executors.newFixedThreadPool(16), 16, number -> {
            for (int i = number; i < COUNT; i += 16) {
                map().set(i, "value " + i);
            }
        });
        verifyAll();
    }

    private void verifyAll() throws Exception {
        requireEqual("size", COUNT, map().size());
        Load.run(Executors.newFixedThreadPool(16), 16, number -> {
            for (int i = number; i < COUNT; i += 16) {
                requireEqual("value", "value " + i, Objects.requireNonNull(map().get(i)));
            }
        });
    }

    private void largeValues() {
        IMap<Integer, byte[]> values = client.getMap("large");
        for (int i = 0; i < 50; i++) {
            byte[] value = RandomBytes.of(i, 1 << 20);
            values.set(i, value);
            byte[] read = Objects.requireNonNull(values.get(i));
            requireEqual("value", ByteBuffer.wrap(value), ByteBuffer.wrap(read));
        }
        values.destroy();
    }

    private void events() throws InterruptedException {
        int count = 1000;
        CountDownLatch left = new CountDownLatch(count);
        IMap<Integer, String> values = client.getMap("events");
        EntryAddedListener<Integer, String> listener = _ -> left.countDown();
        values.addEntryListener(listener, false);
        for (int i = 0; i < count; i++) {
            values.set(i, "");
        }
        require(left.await(20, TimeUnit.SECONDS), left.getCount() + " events are missing");
    }

    private void lose(ServerProcess member) throws Exception {
        member.kill();
        awaitMembers(1);
        verifyAll();
    }
}
