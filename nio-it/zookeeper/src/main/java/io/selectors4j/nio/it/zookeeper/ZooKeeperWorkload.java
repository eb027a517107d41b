package io.selectors4j.nio.it.zookeeper;

import static io.selectors4j.nio.it.Checks.require;
import static io.selectors4j.nio.it.Checks.requireEqual;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;

/// An ensemble of three servers: reads, writes, watches, and the loss of the leader.
final class ZooKeeperWorkload {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NODES = 300;

    private final Ensemble ensemble;

    private ZooKeeperWorkload(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    public static void main(String[] args) {
        Checks.main(checks -> {
            checks.describe("3 servers; writes, reads, watches; the leader killed and restarted");
            try (Ensemble ensemble = new Ensemble(checks)) {
                ZooKeeperWorkload workload = new ZooKeeperWorkload(ensemble);
                checks.check("election", LIMIT, () -> Waiting.until("one leader", LIMIT, ensemble::isComplete));
                checks.check("writes and reads on each server", workload::readEverywhere);
                checks.check("5000 asynchronous writes", workload::asynchronous);
                checks.check("watches", workload::watch);
                checks.check("writes go on while the leader is killed", Duration.ofSeconds(90), workload::killLeader);
                checks.check("orderly stop", ensemble::stop);
            }
        });
    }

    private void readEverywhere() throws Exception {
        try (Client first = new Client(Ensemble.address(1))) {
            first.create("/a", "");
            for (int i = 0; i < NODES; i++) {
                first.create("/a/" + i, "value " + i);
            }
        }
        for (int number : Ensemble.NUMBERS) {
            try (Client client = new Client(Ensemble.address(number))) {
                requireEqual("children", NODES, client.children("/a").size());
                for (int i = 0; i < NODES; i++) {
                    requireEqual("value", "value " + i, client.read("/a/" + i));
                }
            }
        }
    }

    private void asynchronous() throws Exception {
        int count = 5000;
        CountDownLatch left = new CountDownLatch(count);
        AtomicInteger failed = new AtomicInteger();
        try (Client client = new Client(Ensemble.ALL)) {
            client.create("/b", "");
            byte[] value = new byte[1000];
            for (int i = 0; i < count; i++) {
                client.zooKeeper()
                        .create(
                                "/b/" + i,
                                value,
                                Ids.OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT,
                                (code, _, _, _) -> {
                                    failed.addAndGet(code == KeeperException.Code.OK.intValue() ? 0 : 1);
                                    left.countDown();
                                },
                                null);
            }
            require(left.await(40, TimeUnit.SECONDS), left.getCount() + " answers are missing");
            requireEqual("failed writes", 0, failed.get());
            requireEqual("children", count, client.children("/b").size());
        }
    }

    private void watch() throws Exception {
        CountDownLatch events = new CountDownLatch(NODES);
        try (Client watcher = new Client(Ensemble.address(2));
                Client writer = new Client(Ensemble.address(3))) {
            requireEqual("children", NODES, watcher.children("/a").size());
            for (int i = 0; i < NODES; i++) {
                watcher.zooKeeper().getData("/a/" + i, _ -> events.countDown(), null);
            }
            for (int i = 0; i < NODES; i++) {
                writer.zooKeeper().setData("/a/" + i, "new".getBytes(StandardCharsets.UTF_8), -1);
            }
            require(events.await(20, TimeUnit.SECONDS), events.getCount() + " events are missing");
        }
    }

    private void killLeader() throws Exception {
        int leader = ensemble.leader();
        AtomicBoolean goOn = new AtomicBoolean(true);
        AtomicInteger acknowledged = new AtomicInteger();
        try (Client owner = new Client(Ensemble.ALL);
                Client writer = new Client(Ensemble.ALL)) {
            owner.zooKeeper().create("/session", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            writer.create("/c", "");
            AtomicInteger failures = new AtomicInteger();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    while (goOn.get()) {
                        writer.createInAnyCase("/c/" + acknowledged.get(), "");
                        acknowledged.incrementAndGet();
                    }
                } catch (KeeperException | InterruptedException e) {
                    e.printStackTrace();
                    failures.incrementAndGet();
                }
            });
            Waiting.until("writes before", LIMIT, () -> acknowledged.get() > 100);
            ensemble.kill(leader);
            int before = acknowledged.get();
            Waiting.until("a new leader", LIMIT, ensemble::isComplete);
            Waiting.until("writes after", LIMIT, () -> acknowledged.get() > before + 200);
            ensemble.start(leader);
            Waiting.until("the old leader has joined", LIMIT, ensemble::isComplete);
            int last = acknowledged.get();
            Waiting.until("writes at the end", LIMIT, () -> acknowledged.get() > last + 100);
            goOn.set(false);
            thread.join();
            requireEqual("failures", 0, failures.get());
            for (int number : Ensemble.NUMBERS) {
                verify(number, acknowledged.get());
            }
        }
        System.out.println("acknowledged: " + acknowledged);
    }

    /// Requires that a server has all acknowledged nodes and the node of the session, which is still open.
    private static void verify(int number, int acknowledged) throws Exception {
        try (Client client = new Client(Ensemble.address(number))) {
            List<String> children = client.children("/c");
            for (int i = 0; i < acknowledged; i++) {
                require(children.contains(String.valueOf(i)), "server " + number + " has lost /c/" + i);
            }
            require(client.zooKeeper().exists("/session", false) != null, "the session was lost");
        }
    }
}
