import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Counts the tests of one run, in all and per backend, and fails when something was left out.
///
/// Reads JUnit's own reports (open-test-report.xml): only there stands what a parameterized class was run with, as in
/// `[3] backend = EPOLL`. A test belongs to a backend whose name is a word of its display name or of a parent's.
///
/// Arguments: the directory below which the reports are, several where several processes ran the tests; the time at
/// which the build began; the backends that have to be tested; and those that `-Dbackends` names instead, if any. Exit
/// code 1 when a test was skipped, when none ran, or when a backend has none.
final class TestReport {

    private static final Pattern BACKEND = Pattern.compile(
            "\\b(SELECT|POLL|EPOLL|epoll-busy|IO_URING|IO_URING_BATCHED|KQUEUE|kqueue-simulated-\\w+|AFD|afd-simulated|simulated-\\w+)\\b");

    /// Display names from the root down to here, by the id of a started container or test.
    private final Map<String, String> paths = new HashMap<>();

    private final Map<String, Integer> testsByBackend = new TreeMap<>();
    private final List<String> skipped = new ArrayList<>();
    private int tests;

    public static void main(String[] args) throws IOException, XMLStreamException {
        Path directory = Path.of(args[0]);
        Instant buildStart = Instant.parse(value(args[1], "--since="));
        List<String> expected = list(value(args[2], "--expected="));
        List<String> narrowed = list(value(args[3], "--narrowed="));

        List<Path> files = reports(directory, buildStart);
        if (files.isEmpty()) {
            fail(List.of("No test ran in this build: there is no new report below " + directory + "."));
        }
        var report = new TestReport();
        for (Path file : files) {
            report.read(file);
        }
        System.out.println(report.summary());
        fail(report.problems(narrowed.isEmpty() ? expected : narrowed));
    }

    private static List<Path> reports(Path directory, Instant buildStart) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(directory, 2, (path, _) -> path.endsWith("open-test-report.xml"))) {
            List<Path> files = new ArrayList<>();
            for (Path file : found.toList()) {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(buildStart)) {
                    files.add(file);
                }
            }
            return files;
        }
    }

    private static void fail(List<String> problems) {
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            System.exit(1);
        }
    }

    private void read(Path file) throws IOException, XMLStreamException {
        paths.clear();
        try (var in = Files.newInputStream(file)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            String id = "";
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamReader.START_ELEMENT) {
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "started" -> {
                        id = xml.getAttributeValue(null, "id");
                        String parent = paths.get(xml.getAttributeValue(null, "parentId"));
                        String name = xml.getAttributeValue(null, "name");
                        paths.put(id, parent == null ? name : parent + " > " + name);
                    }
                    case "finished" -> id = xml.getAttributeValue(null, "id");
                    case "type" -> count(paths.get(id), xml.getElementText());
                    case "result" -> {
                        String status = xml.getAttributeValue(null, "status");
                        if (status.equals("SKIPPED") || status.equals("ABORTED")) {
                            skipped.add(paths.get(id));
                        }
                    }
                    default -> {}
                }
            }
        }
    }

    private void count(String path, String type) {
        if (type.equals("CONTAINER")) {
            return;
        }
        tests++;
        BACKEND.matcher(path)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .forEach(backend -> testsByBackend.merge(backend, 1, Integer::sum));
    }

    private String summary() {
        return testsByBackend.entrySet().stream()
                .map(entry -> ", " + entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("", "Tests: " + tests, ", skipped " + skipped.size()));
    }

    private List<String> problems(List<String> backends) {
        var problems = new ArrayList<String>();
        skipped.forEach(path -> problems.add("Skipped: " + path));
        if (tests == 0) {
            problems.add("No test ran.");
        }
        backends.stream()
                .filter(backend -> !testsByBackend.containsKey(backend))
                .forEach(backend -> problems.add("No test ran on backend " + backend + "."));
        return problems;
    }

    private static String value(String argument, String option) {
        if (!argument.startsWith(option)) {
            throw new IllegalArgumentException(option + " expected, not " + argument);
        }
        return argument.substring(option.length());
    }

    private static List<String> list(String commaSeparated) {
        return Pattern.compile("[,\\s]+")
                .splitAsStream(commaSeparated)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
