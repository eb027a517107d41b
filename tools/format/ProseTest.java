import java.util.ArrayList;
import java.util.List;

/// Tests of [Prose]. It is a program of its own, because the formatter runs before anything is compiled.
final class ProseTest {

    private static final String WORDS =
            "one two three four five six seven eight nine ten ".repeat(3).strip();

    private final List<String> failures = new ArrayList<>();

    public static void main(String[] args) {
        ProseTest test = new ProseTest();
        test.markdown();
        test.comments();
        if (!test.failures.isEmpty()) {
            test.failures.forEach(System.err::println);
            System.exit(1);
        }
    }

    private void markdown() {
        keeps("what is short", "# Title\n\nA line.\nAnother line\nof a paragraph.\n\n- an item\n  goes on\n");
        keeps("a heading", "# " + WORDS + "\n");
        keeps("a table", "| a | b |\n|---|---|\n| " + WORDS + " | x |\n");
        keeps("a fence", "```sh\n" + WORDS + "\n```\n");
        keeps("a fence in an item", "- item\n\n  ```java\n  " + WORDS + "\n  ```\n");
        keeps("indented code", "Text.\n\n    " + WORDS + "\n");
        keeps("a link alone", "[" + WORDS + "](docs/a.md)\n");
        keeps("a definition", "[a]: https://example.org/" + "x".repeat(120) + " \"title\"\n");
        keeps("a word that cannot be broken", "https://example.org/" + "x".repeat(120) + "\n");
        keeps("a hard break", WORDS + "  \nline\n");
        keeps("numbers in a paragraph", "Text of\n25) a paragraph\n");
        String[] half = halves(WORDS);
        wraps("a number in a paragraph", WORDS + "\n25) end\n", half[0] + "\n" + half[1] + " 25) end\n");
        wraps("a paragraph", WORDS + "\nend\n", half[0] + "\n" + half[1] + " end\n");
        wraps("only the long one", "a\nb\n\n" + WORDS + "\n", "a\nb\n\n" + half[0] + "\n" + half[1] + "\n");
        wraps(
                "an item",
                "- " + "word ".repeat(24) + "end\n- next\n",
                "- " + "word ".repeat(22) + "word\n  word end\n- next\n");
        wraps(
                "a nested item",
                "- a\n  1. " + "word ".repeat(23) + "end\n",
                "- a\n  1. " + "word ".repeat(22) + "word\n     end\n");
        wraps(
                "before code, not in it",
                "w ".repeat(55) + "`code with spaces` end\n",
                "w ".repeat(55).strip() + "\n`code with spaces` end\n");
        wraps(
                "before a link, not in it",
                "w ".repeat(55) + "[a link](docs/a b.md) end\n",
                "w ".repeat(55).strip() + "\n[a link](docs/a b.md) end\n");
        wraps("not before a dash", "w ".repeat(60) + "- end\n", "w ".repeat(59).strip() + "\nw - end\n");
    }

    private void comments() {
        String[] half = halves(WORDS.replaceFirst("ten ", ""));
        String doc = "    /// " + "word ".repeat(21) + "word";
        expect("a doc comment", doc + " word end\n    int a;\n", doc + "\n    /// word end\n    int a;\n");
        expect("a comment", "// " + half[0] + " x\n// end\n", "// " + half[0] + "\n// x end\n");
        String tag = "/// @param a " + "word ".repeat(21);
        expect("a tag", tag + "more end\n/// @return b\n", tag.strip() + "\n///     more end\n/// @return b\n");
        expect("a table in a comment", "/// | " + WORDS + " |\n", "/// | " + WORDS + " |\n");
        expect(
                "a text block",
                "String s = \"\"\"\n    // " + WORDS + "\n    \"\"\";\n",
                "String s = \"\"\"\n    // " + WORDS + "\n    \"\"\";\n");
        if (!Prose.longComments("int a; // " + WORDS + "\n").equals(List.of(1))) {
            failures.add("a long comment beside code is not found");
        }
    }

    /// Splits words where the first part still fits into a line.
    private static String[] halves(String words) {
        int end = words.lastIndexOf(' ', 120);
        return new String[] {words.substring(0, end), words.substring(end + 1)};
    }

    private void keeps(String what, String text) {
        wraps(what, text, text);
    }

    private void wraps(String what, String text, String wanted) {
        check(what, Prose.wrapMarkdown(text), wanted);
        check(what + ", again", Prose.wrapMarkdown(wanted), wanted);
    }

    private void expect(String what, String text, String wanted) {
        check(what, Prose.wrapComments(text), wanted);
        check(what + ", again", Prose.wrapComments(wanted), wanted);
    }

    private void check(String what, String actual, String wanted) {
        if (!actual.equals(wanted)) {
            failures.add(what + ": expected\n" + wanted + "but was\n" + actual);
        }
    }
}
