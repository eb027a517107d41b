package io.selectors4j;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/// Leaks descriptors, leaves a key unhandled, and reads the MXBean. Prints the warnings and the attributes.
final class SelectorsProgram {

    /// The number of descriptors that the program leaks: a socket, a selector's eventfd.
    private static final int LEAKS = 2;

    private static final Pattern LEAKED = Pattern.compile("became unreachable");

    private SelectorsProgram() {}

    /// Runs the program.
    public static void main(String[] args) throws IOException, InterruptedException, JMException {
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        leaveUnhandled();
        readMXBean();
        if (Boolean.getBoolean("io.selectors4j.detectLeaks")) {
            leakSocket();
            leakSelector();
            while (LEAKED.matcher(warnings.toString(StandardCharsets.UTF_8))
                            .results()
                            .count()
                    < LEAKS) {
                System.gc();
                Thread.onSpinWait();
            }
        }
        IO.println(warnings.toString(StandardCharsets.UTF_8));
        IO.println("end");
    }

    @SuppressWarnings("resource")
    private static void leakSocket() throws IOException {
        SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @SuppressWarnings("resource")
    private static void leakSelector() throws IOException {
        Selector.open();
    }

    private static void leaveUnhandled() throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open();
                Selector<String> selector = Selector.open()) {
            selector.register(pipe.reader(), Interest.READ, "data");
            pipe.writer().write(ByteBuffer.allocate(1));
            for (int i = 0; i < 2 * UnhandledKeys.SELECTS; i++) {
                selector.select((key, readiness) -> {});
            }
        }
    }

    private static void readMXBean() throws IOException, JMException {
        Selectors.registerMXBean();
        Selectors.registerMXBean();
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(Selectors.MXBEAN_NAME);
        try (PipeFd.Pipe pipe = PipeFd.open();
                Selector<String> selector = Selector.open()) {
            selector.register(pipe.reader(), Interest.READ, "data");
            selector.wakeup();
            selector.select();
            IO.println("open " + server.getAttribute(name, "OpenSelectors"));
            IO.println("keys " + server.getAttribute(name, "Keys"));
            CompositeData counters = (CompositeData) server.getAttribute(name, "Counters");
            IO.println("wakeups " + counters.get("wakeups") + ", unhandled " + counters.get("unhandled"));
            IO.println(server.invoke(name, "dumpAll", new Object[0], new String[0]));
        }
    }
}
