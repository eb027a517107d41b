package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.TagFilter.excludeTags;

import io.selectors4j.testing.FaultyKernelSet.Fault;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The contract tests find faults of the simulated kernel.
class PlantedFaultsTest {

    static {
        System.setProperty("simulation", ContractSimulation.class.getName());
        System.setProperty("patience.seconds", "1");
    }

    @AfterEach
    void removeFault() {
        ContractSimulation.plant(null);
    }

    /// Collects the names of the tests that fail, and counts the others.
    private static final class Outcome implements TestExecutionListener {

        final Set<String> failed = new ConcurrentSkipListSet<>();
        int succeeded;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                failed.add(test.getSource()
                        .filter(source -> source instanceof MethodSource)
                        .map(source -> ((MethodSource) source).getMethodName())
                        .orElseGet(test::getDisplayName));
            } else if (test.isTest()) {
                succeeded++;
            }
        }
    }

    private static Outcome run(@Nullable Fault fault, String contractTest) throws ClassNotFoundException {
        ContractSimulation.plant(fault);
        Outcome outcome = new Outcome();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Class.forName("io.selectors4j.contract." + contractTest)))
                                .filters(excludeTags("system", "linux", "unix", "ci"))
                                .configurationParameter("junit.platform.reporting.open.xml.enabled", "false")
                                .build(),
                        outcome);
        return outcome;
    }

    @ParameterizedTest
    @CsvSource({
        "REMOVE_LOST, UnregisterContractTest, hangupOfAnUnregisteredFd_doesNotSpin",
        "DISARM_LOST, OneShotContractTest, oneShot_isReportedOncePerModify",
        "EDGE_REPEATED, ModesContractTest, edge_isReportedOnce"
    })
    void fault_isFound(Fault fault, String contractTest, String finder) throws Exception {
        Outcome outcome = run(fault, contractTest);
        assertThat(outcome.failed).contains(finder);
        assertThat(outcome.succeeded).as("tests that do not need it").isPositive();
    }

    /// The tests wait for what the fault prevents.
    @Tag("ci")
    @ParameterizedTest
    @CsvSource({
        "MODIFY_LOST, OneShotContractTest, oneShot_isReportedOncePerModify",
        "EARLY_TIMEOUT, TimeoutContractTest, timeout_isNeverShortened",
        "SIGNAL_LOST, WakeupContractTest, wakeup_endsABlockedSelect",
        "EVENT_LOST, SelectContractTest, allReadyKeys_areReturnedTogether"
    })
    void faultThatTakesTime_isFound(Fault fault, String contractTest, String finder) throws Exception {
        fault_isFound(fault, contractTest, finder);
    }

    @Test
    void withoutFault_allSucceed() throws Exception {
        Outcome outcome = run(null, "ReadinessContractTest");
        assertThat(outcome.failed).isEmpty();
        assertThat(outcome.succeeded).isPositive();
    }
}
