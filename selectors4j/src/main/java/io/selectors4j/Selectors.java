package io.selectors4j;

import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/// The open selectors of this process, for people who look into a running program.
///
/// ## Without a change of the program
/// `jcmd PID JVMTI.agent_load /path/to/selectors4j.jar` prints [#dumpAll] to the standard error of the process, and
/// `jcmd PID JVMTI.agent_load /path/to/selectors4j.jar FILE` writes it to a file, which must not exist.
///
/// ## Unhandled readiness
/// A key that is ready and that the program does not handle makes every select return at once: the thread is busy and
/// does nothing. If a key was ready in 1,024 successive selects, and no thread made a call on its object meanwhile, a
/// warning of the logger `io.selectors4j` names the key, once a registration. Keys of objects whose calls the library
/// does not see are left out: channels of the JDK, objects of [Pollable#borrow], and your own.
///
/// ## Leaks
/// With `-Dio.selectors4j.detectLeaks=true`, a warning of the logger `io.selectors4j` reports each descriptor whose
/// owner, an [io.selectors4j.fd.Fd] or a selector, became unreachable before it was closed, with the stack trace of its
/// creation. Each creation then costs some microseconds.
///
/// ## Events of JDK Flight Recorder
/// Their names begin with `selectors4j.`. On by default are `Rebuild`, `Unhandled` and `DescriptorLeak`. A recording
/// has to enable `Select`, `EmptyWait`, `Registration`, `Park`, `DescriptorOpen` and `DescriptorClose`:
/// `-XX:StartFlightRecording:+selectors4j.Select#enabled=true`. A program on the module path also needs
/// `--add-modules jdk.jfr`.
public final class Selectors {

    /// The name of the MXBean.
    public static final String MXBEAN_NAME = "io.selectors4j:type=Selectors";

    private Selectors() {}

    /// Returns the string of [Selector#dump] of each open selector that has or had a key. Any thread may call it.
    ///
    /// @return the text
    public static String dumpAll() {
        return OpenSelectors.all().stream()
                .sorted((first, second) -> Integer.compare(first.id(), second.id()))
                .map(selector -> selector.dump().toString())
                .collect(Collectors.joining());
    }

    /// Registers the [SelectorsMXBean] with the platform's MBean server, as [#MXBEAN_NAME]. Calling it again does
    /// nothing.
    ///
    /// @throws UnsupportedOperationException if the module `java.management` is not in the runtime image, or is not
    ///     resolved; `--add-modules java.management` resolves it
    public static void registerMXBean() {
        Module module = ModuleLayer.boot().findModule("java.management").orElse(null);
        if (module == null || !Selectors.class.getModule().canRead(module)) {
            throw new UnsupportedOperationException(
                    "the module java.management is missing: add --add-modules java.management");
        }
        Registrar.register();
    }

    /// A class of its own, because it needs the module `java.management`.
    private static final class Registrar {

        static void register() {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            try {
                server.registerMBean(new MXBean(), new ObjectName(MXBEAN_NAME));
            } catch (InstanceAlreadyExistsException e) {
                // registered already
            } catch (JMException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class MXBean implements SelectorsMXBean {

        @Override
        public int getOpenSelectors() {
            return OpenSelectors.all().size();
        }

        @Override
        public int getKeys() {
            return OpenSelectors.all().stream()
                    .mapToInt(AbstractSelector::keyCount)
                    .sum();
        }

        @Override
        public SelectorCounters getCounters() {
            return OpenSelectors.counters();
        }

        @Override
        public String dumpAll() {
            return Selectors.dumpAll();
        }
    }
}
