package io.selectors4j.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The membership of a channel in a multicast group. Its [Memberships] guard the mutable state.
final class Membership extends MembershipKey {

    private final Memberships memberships;
    private final MulticastChannel channel;
    private final InetAddress group;
    private final NetworkInterface networkInterface;
    private final NetworkInterface usedInterface;
    private final @Nullable InetAddress source;

    /// The sources whose datagrams are not received.
    final Set<InetAddress> blocked = new HashSet<>();

    private volatile boolean valid = true;

    Membership(
            Memberships memberships,
            MulticastChannel channel,
            InetAddress group,
            NetworkInterface networkInterface,
            NetworkInterface usedInterface,
            @Nullable InetAddress source) {
        this.memberships = memberships;
        this.channel = channel;
        this.group = group;
        this.networkInterface = networkInterface;
        this.usedInterface = usedInterface;
        this.source = source;
    }

    /// Returns the interface that the kernel has the membership on: [#networkInterface], or the one that the kernel
    /// chose.
    NetworkInterface usedInterface() {
        return usedInterface;
    }

    /// Makes the key invalid: the channel has left the group or is closed.
    void invalidate() {
        valid = false;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public void drop() {
        memberships.drop(this);
    }

    @Override
    public MembershipKey block(InetAddress toBlock) throws IOException {
        if (source != null) {
            throw new IllegalStateException("key is source-specific");
        }
        memberships.block(this, toBlock);
        return this;
    }

    @Override
    public MembershipKey unblock(InetAddress toUnblock) {
        memberships.unblock(this, toUnblock);
        return this;
    }

    @Override
    public MulticastChannel channel() {
        return channel;
    }

    @Override
    public InetAddress group() {
        return group;
    }

    @Override
    public NetworkInterface networkInterface() {
        return networkInterface;
    }

    @Override
    public @Nullable InetAddress sourceAddress() {
        return source;
    }

    @Override
    public String toString() {
        return "<" + group.getHostAddress() + "," + networkInterface.getName()
                + (source == null ? "" : "," + source.getHostAddress()) + ">";
    }
}
