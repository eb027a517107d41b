import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/// Checks a published POM: the fields that Maven Central requires, and that consumers need nothing else of this build.
final class CheckPom {

    private static final List<String> REQUIRED = List.of(
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "developers/developer/url",
            "scm/connection",
            "scm/developerConnection",
            "scm/url");

    private static final List<String> FORBIDDEN = List.of(
            "parent", "modules", "profiles", "repositories", "pluginRepositories", "build", "dependencyManagement");

    private final XPath paths = XPathFactory.newInstance().newXPath();
    private final Document document;
    private final List<String> problems = new ArrayList<>();

    private CheckPom(Document document) {
        this.document = document;
    }

    /// Returns the problems of a POM.
    static List<String> check(Path pom, String artifact, String version) throws IOException {
        Document document;
        try {
            DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            builder.setErrorHandler(null); // the exception has the message
            document = builder.parse(pom.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            return List.of(e.toString());
        }
        CheckPom check = new CheckPom(document);
        try {
            check.run(artifact, version);
        } catch (XPathExpressionException e) {
            throw new AssertionError(e);
        }
        return check.problems;
    }

    private void run(String artifact, String version) throws XPathExpressionException {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("groupId", "io.selectors4j");
        identity.put("artifactId", artifact);
        identity.put("version", version);
        for (var expected : identity.entrySet()) {
            String value = text("/project/" + expected.getKey());
            if (!value.equals(expected.getValue())) {
                problems.add(expected.getKey() + " is not " + expected.getValue() + ", but '" + value + "'");
            }
        }
        for (String field : REQUIRED) {
            if (text("/project/" + field).isBlank()) {
                problems.add("no " + field);
            }
        }
        for (String field : FORBIDDEN) {
            if (count("/project/" + field) != 0) {
                problems.add("has " + field);
            }
        }
        if (count("//text()[contains(., 'SNAPSHOT') or contains(., '${')]") != 0) {
            problems.add("has a snapshot version or a property");
        }
        checkDependencies(version);
    }

    /// A consumer gets modules of this version only. All other dependencies are optional or provided: annotations.
    private void checkDependencies(String version) throws XPathExpressionException {
        for (int i = 1; i <= count("/project/dependencies/dependency"); i++) {
            String dependency = "/project/dependencies/dependency[" + i + "]/";
            String group = text(dependency + "groupId");
            boolean ours = group.equals("io.selectors4j");
            boolean unneeded = text(dependency + "optional").equals("true")
                    || text(dependency + "scope").equals("provided");
            if (text(dependency + "scope").equals("test") || !(ours || unneeded)) {
                problems.add("depends on " + group + ":" + text(dependency + "artifactId"));
            }
            if (ours && !text(dependency + "version").equals(version)) {
                problems.add("depends on another version of " + text(dependency + "artifactId"));
            }
        }
    }

    private String text(String path) throws XPathExpressionException {
        return paths.evaluate(path, document);
    }

    private int count(String path) throws XPathExpressionException {
        return Integer.parseInt(paths.evaluate("count(" + path + ")", document));
    }
}
