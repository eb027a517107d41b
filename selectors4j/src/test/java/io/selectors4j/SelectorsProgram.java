package io.selectors4j;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/// Leaks descriptors, leaves a key unhandled, and reads the MXBean. Prints the warnings and the attributes.
final class SelectorsProgram {

    /// The number of descriptors that the program leaks: a socket, a selector's eventfd.
    private static final int LEAKS = 2;

    private static final Pattern LEAKED = Pattern.compile("became unreachable");

    /// The logger that fails. A logger that only java.util.logging refers to can be collected.
    private static @Nullable Object configured;

    private SelectorsProgram() {}

    /// Runs the program.
    public static void main(String[] args)
            throws IOException, InterruptedException, JMException, ReflectiveOperationException {
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        if (Boolean.getBoolean("failingLogger")) {
            failToLog();
        }
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

    /// Lets the library's logger fail. By reflection, because the module of the tests does not read `java.logging`.
    private static void failToLog() throws ReflectiveOperationException {
        Class<?> filter = Class.forName("java.util.logging.Filter");
        Object failing = Proxy.newProxyInstance(filter.getClassLoader(), new Class<?>[] {filter}, (_, _, _) -> {
            IO.println("failing to log");
            throw new IllegalStateException("a failing logger");
        });
        Class<?> logger = Class.forName("java.util.logging.Logger");
        configured = logger.getMethod("getLogger", String.class).invoke(null, "io.selectors4j");
        logger.getMethod("setFilter", filter).invoke(configured, failing);
    }

    private static void leaveUnhandled() throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open();
                Selector<String> selector = Selector.open()) {
            selector.register(pipe.reader(), Interest.READ, "data");
            pipe.writer().write(ByteBuffer.allocate(1));
            int delivered = 0;
            for (int i = 0; i < 2 * UnhandledKeys.SELECTS; i++) {
                delivered += selector.select().size();
            }
            IO.println("delivered " + delivered);
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
