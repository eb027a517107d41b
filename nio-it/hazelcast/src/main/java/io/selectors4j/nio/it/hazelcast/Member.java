package io.selectors4j.nio.it.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;

/// A member of the cluster. Members join on ports 5701 and 5702, since the configuration of
/// a member names the ports of all.
public final class Member {

    private Member() {}

    /// Starts the member.
    ///
    /// @param args the port
    public static void main(String[] args) {
        Config config = new Config();
        config.setClusterName("nio-it");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.policy", "GRACEFUL");
        config.setProperty("hazelcast.logging.type", "jdk");
        config.getNetworkConfig().setPort(Integer.parseInt(args[0])).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:5701").addMember("127.0.0.1:5702");
        Hazelcast.newHazelcastInstance(config);
        System.out.println("READY");
    }
}
