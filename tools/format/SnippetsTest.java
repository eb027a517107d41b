import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tests [Snippets]. Without a test framework: the module of the formatter has none.
final class SnippetsTest {

    private static final String SOURCE = """
            import a.b;

            void main() {
                // #region body
                if (a) {
                    b("$1\\\\n");
                }
                // #endregion
            }
            """;

    public static void main(String[] args) throws IOException {
        Path root = Files.createTempDirectory("snippets");
        Path file = Files.writeString(root.resolve("A.java"), SOURCE);
        try {
            String region = "if (a) {\n    b(\"$1\\\\n\");\n}\n";
            check(root, block("A.java#body", "old\n"), block("A.java#body", region));
            check(root, block("A.java#body", region), block("A.java#body", region));
            String whole = "import a.b;\n\nvoid main() {\n    if (a) {\n        b(\"$1\\\\n\");\n    }\n}\n";
            check(root, "a\n" + block("A.java", "") + "b\n", "a\n" + block("A.java", whole) + "b\n");
            String other = "```java\nold\n```\n";
            check(root, block("A.java#body", "old\n") + other, block("A.java#body", region) + other);
            checkFails(root, block("A.java#none", "old\n"));
            checkFails(root, block("B.java", "old\n"));
        } finally {
            Files.delete(file);
            Files.delete(root);
        }
    }

    private static String block(String source, String code) {
        return "<!-- code: " + source + " -->\n\n```java\n" + code + "```\n";
    }

    private static void check(Path root, String markdown, String expected) throws IOException {
        String updated = Snippets.update(root, markdown);
        if (!updated.equals(expected)) {
            throw new AssertionError("expected:\n" + expected + "but was:\n" + updated);
        }
    }

    private static void checkFails(Path root, String markdown) {
        try {
            Snippets.update(root, markdown);
        } catch (IOException expected) {
            return;
        }
        throw new AssertionError("no failure: " + markdown);
    }
}
