package io.selectors4j.nio.it.netty;

import io.netty.testsuite.transport.socket.SocketEchoTest;
import io.selectors4j.nio.it.Checks;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The tests of Netty's test suite that use the NIO transport. The suite runs the tests of sockets with NIO unless a
/// property adds the old blocking transport.
final class NettySuite {

    private static final String TESTS = "io\\.netty\\.testsuite\\.transport\\.(socket\\..*|Nio[^.]*)Test";

    /// These tests connect to an address outside this machine.
    private static final String OUTSIDE = ".*\\.SocketConnectionAttemptTest";

    private NettySuite() {}

    public static void main(String[] args) {
        Checks.main(NettySuite::run);
    }

    private static void run(Checks checks) throws URISyntaxException {
        Path jar = Path.of(SocketEchoTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(jar)))
                .filters(
                        ClassNameFilter.includeClassNamePatterns(TESTS),
                        ClassNameFilter.excludeClassNamePatterns(OUTSIDE),
                        selected(checks.selected()))
                .build();
        Outcomes outcomes = new Outcomes(checks);
        LauncherFactory.create().execute(request, outcomes);
        checks.describe("the tests of the NIO transport in netty-testsuite, " + outcomes.classes() + " classes");
    }

    /// Keeps all tests if the set contains only the empty string, else the methods of these tests.
    private static PostDiscoveryFilter selected(Set<String> names) {
        return descriptor -> FilterResult.includedIf(names.contains("")
                || descriptor
                        .getSource()
                        .map(source -> isSelected(source, names))
                        .orElse(true));
    }

    private static boolean isSelected(TestSource source, Set<String> names) {
        return !(source instanceof MethodSource method)
                || names.stream().anyMatch(name -> Outcomes.isTestOf(name, method));
    }
}
