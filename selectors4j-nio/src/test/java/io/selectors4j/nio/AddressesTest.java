package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressesTest {

    @Test
    void linkLocalAddressOfThisMachine_getsItsScope() throws Exception {
        List<InetAddress> addresses = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .toList();
        assertThat(addresses).isNotEmpty();
        for (InetAddress address : addresses) {
            InetAddress bare = InetAddress.getByAddress(address.getAddress());
            InetSocketAddress scoped = (InetSocketAddress) Addresses.scoped(new InetSocketAddress(bare, 7));
            assertThat(scoped.getPort()).isEqualTo(7);
            assertThat(scoped.getAddress()).isEqualTo(bare);
            if (address instanceof Inet6Address inet6 && address.isLinkLocalAddress()) {
                assertThat(((Inet6Address) scoped.getAddress()).getScopeId()).isEqualTo(inet6.getScopeId());
            }
        }
    }

    @Test
    void otherAddresses_stayAsTheyAre() throws Exception {
        InetSocketAddress unknown = new InetSocketAddress(InetAddress.ofLiteral("fe80::dead:beef"), 1);
        InetSocketAddress scoped = new InetSocketAddress(InetAddress.ofLiteral("fe80::1%1"), 1);
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of("path");
        assertThat(Addresses.scoped(unknown)).isSameAs(unknown);
        assertThat(Addresses.scoped(scoped)).isSameAs(scoped);
        assertThat(Addresses.scoped(path)).isSameAs(path);
    }
}
