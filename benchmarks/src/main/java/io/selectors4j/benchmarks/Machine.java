package io.selectors4j.benchmarks;

import io.netty.util.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The machine and the versions that the benchmarks run on.
final class Machine {

    /// The version of mio in `Cargo.lock`.
    private static final Pattern MIO = Pattern.compile("name = \"mio\"\nversion = \"(.*)\"");

    private Machine() {}

    /// Returns the processor and all relevant versions, by name. There is no host name and no path among them.
    static Map<String, String> facts() throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        String kernel = System.getProperty("os.version").replaceFirst("-.*", ""); // the rest is the vendor's
        facts.put("kernel", System.getProperty("os.name") + " " + kernel);
        facts.put(
                "JDK", System.getProperty("java.vendor.version", "") + " " + System.getProperty("java.vm.version", ""));
        output(List.of("cc", "--version")).ifPresent(version -> facts.put("cc", version));
        putVersion(facts, "libevent", "-levent_core");
        putVersion(facts, "libuv", "-luv");
        Optional<String> rustc = output(List.of("rustc", "--version"));
        if (rustc.isPresent()) {
            facts.put("rustc", rustc.get().replace("rustc ", ""));
            facts.put("mio", mio());
        }
        output(List.of("python3", "--version"))
                .ifPresent(version -> facts.put("Python", version.replace("Python ", "")));
        Version netty = Version.identify().get("netty-transport");
        if (netty != null) {
            facts.put("Netty", netty.artifactVersion());
        }
        facts.put("Jetty", org.eclipse.jetty.util.Jetty.VERSION);
        facts.put("JMH", org.openjdk.jmh.util.Version.getPlainVersion());
        return facts;
    }

    /// Puts the version of a library in C, if it is there.
    private static void putVersion(Map<String, String> facts, String library, String option)
            throws IOException, InterruptedException {
        Optional<Path> program = CPrograms.compile(library + "_version", option);
        if (program.isPresent()) {
            output(List.of(program.get().toString())).ifPresent(version -> facts.put(library, version));
        }
    }

    private static String mio() throws IOException {
        Matcher version = MIO.matcher(Files.readString(PeerPrograms.cargoLock()));
        return version.find() ? version.group(1) : "";
    }

    private static String cpu() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.exists(file)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    /// Returns the first line that a program prints.
    private static Optional<String> output(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.lines().findFirst() : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
