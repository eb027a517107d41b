package io.selectors4j.stress.misuse;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// A program that runs test classes in this virtual machine. It prints whether JNI is checked, and the number of passed
/// tests. Its exit code is 0 if all tests have passed.
final class CheckedTests {

    private CheckedTests() {}

    /// Runs the tests.
    ///
    /// @param args names of classes
    public static void main(String[] args) {
        List<DiscoverySelector> classes = new ArrayList<>();
        for (String name : args) {
            classes.add(DiscoverySelectors.selectClass(name));
        }
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(classes).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        if (summary.getTotalFailureCount() > 0) {
            summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        }
        String checked = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("CheckJNICalls")
                .getValue();
        System.out.println("JNI checked: " + checked + ", tests: " + summary.getTestsSucceededCount());
        System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
    }
}
