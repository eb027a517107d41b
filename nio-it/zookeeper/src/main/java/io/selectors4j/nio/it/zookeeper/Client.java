package io.selectors4j.nio.it.zookeeper;

import static io.selectors4j.nio.it.Checks.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/// A connected client with a session of 20 seconds.
final class Client implements AutoCloseable {

    private final ZooKeeper zooKeeper;

    Client(String addresses) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        zooKeeper = new ZooKeeper(addresses, 20_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        require(connected.await(30, TimeUnit.SECONDS), "not connected to " + addresses);
    }

    /// Returns ZooKeeper's own object.
    ZooKeeper zooKeeper() {
        return zooKeeper;
    }

    /// Creates a persistent node.
    void create(String path, String value) throws KeeperException, InterruptedException {
        zooKeeper.create(path, value.getBytes(StandardCharsets.UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    /// Creates a node, and tries again as long as the connection is lost.
    void createInAnyCase(String path, String value) throws KeeperException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (true) {
            try {
                create(path, value);
                return;
            } catch (KeeperException.NodeExistsException e) {
                return; // an attempt before succeeded, and its acknowledgement was lost
            } catch (KeeperException.ConnectionLossException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /// Returns the value of a node.
    String read(String path) throws KeeperException, InterruptedException {
        return new String(zooKeeper.getData(path, false, null), StandardCharsets.UTF_8);
    }

    /// Returns the names of the children of a node, all that any client has seen acknowledged.
    List<String> children(String path) throws Exception {
        CountDownLatch synced = new CountDownLatch(1);
        zooKeeper.sync(path, (_, _, _) -> synced.countDown(), null);
        require(synced.await(20, TimeUnit.SECONDS), "no answer to sync");
        return zooKeeper.getChildren(path, false);
    }

    @Override
    public void close() throws InterruptedException {
        zooKeeper.close();
    }
}
