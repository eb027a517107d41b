import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks that every `*.java` file below a directory is formatted as palantir-java-format formats it, or rewrites it.
/// With `prose`, the comments of these files and every `*.md` file are wrapped at 120 columns as well, see [Prose], and
/// the blocks of code in `*.md` files are compared with their sources, see [Snippets].
///
/// Arguments: the directory, `true` to rewrite, and `true` for prose. Exit code 1 when a file differs or cannot be
/// parsed.
final class Format {

    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    /// A line that is a doc comment: `///` and what follows it.
    private static final Pattern DOC_COMMENT = Pattern.compile("^([ \\t]*)(///.*)$", Pattern.MULTILINE);

    private static final Pattern HIDDEN_COMMENT = Pattern.compile("// @doc@(\\d+)$", Pattern.MULTILINE);

    /// A compact source file, which declares `main` outside of any class.
    private static final Pattern COMPACT = Pattern.compile("^(?:static )?void main\\(", Pattern.MULTILINE);

    private static final Pattern IMPORTS = Pattern.compile("(?:import [^\n]*\n|\n)*");

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]).toRealPath();
        boolean write = Boolean.parseBoolean(args[1]);
        boolean prose = Boolean.parseBoolean(args[2]);

        var problems = new ConcurrentSkipListMap<Path, String>();
        List<Path> files = files(root, prose);
        for (String suffix : List.of(".java", ".md")) { // Markdown files contain code of formatted Java files
            files.parallelStream()
                    .filter(file -> file.toString().endsWith(suffix))
                    .forEach(file -> {
                        String problem = format(root, file, write, prose);
                        if (!problem.isEmpty()) {
                            problems.put(root.relativize(file), problem);
                        }
                    });
        }
        if (problems.isEmpty()) {
            return;
        }
        problems.forEach((file, problem) -> System.err.println(file + ": " + problem));
        System.err.println("To format every file:  mvn -q -pl tools/format validate -Dformat.write");
        System.exit(1);
    }

    /// Formats one file and returns what is wrong with it, or an empty string.
    private static String format(Path root, Path file, boolean write, boolean prose) {
        try {
            String source = Files.readString(file);
            if (file.toString().endsWith(".md")) {
                return compare(file, source, Snippets.update(root, Prose.wrapMarkdown(source)), write);
            }
            String code = prose ? Prose.wrapComments(source) : source;
            String formatted = COMPACT.matcher(code).find() ? formattedCompact(code) : formatted(code);
            formatted = prose ? Prose.wrapComments(formatted) : formatted;
            List<Integer> tooLong = prose ? Prose.longComments(formatted) : List.of();
            String problem = compare(file, source, formatted, write);
            if (problem.isEmpty() && !tooLong.isEmpty()) {
                return "wrap by hand: a comment beyond 120 columns at line " + tooLong.getFirst();
            }
            return problem;
        } catch (FormatterException e) {
            return "cannot be parsed: " + e.getMessage().strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Rewrites a file that is not as it should be, or says where it differs.
    private static String compare(Path file, String source, String formatted, boolean write) throws IOException {
        if (formatted.equals(source)) {
            return "";
        }
        if (write) {
            Files.writeString(file, formatted);
            return "";
        }
        return "not formatted, first at line " + firstDifference(source, formatted);
    }

    /// The formatter breaks long lines of a `///` comment and leaves the rest of such a line outside the comment, so it
    /// gets to see a short `//` comment in place of each; only the search for unused imports reads the real ones.
    private static String formatted(String source) throws FormatterException {
        String imports = ImportOrderer.reorderImports(
                RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.PALANTIR);
        var comments = new ArrayList<String>();
        String hidden = DOC_COMMENT.matcher(imports).replaceAll(comment -> {
            comments.add(comment.group(2).stripTrailing());
            return comment.group(1) + "// @doc@" + (comments.size() - 1);
        });
        return HIDDEN_COMMENT
                .matcher(FORMATTER.formatSource(hidden))
                .replaceAll(number -> Matcher.quoteReplacement(comments.get(Integer.parseInt(number.group(1)))));
    }

    /// The formatter cannot parse a compact source file, so it gets to see a class around the code.
    private static String formattedCompact(String source) throws FormatterException {
        Matcher imports = IMPORTS.matcher(source);
        int end = imports.lookingAt() ? imports.end() : 0;
        String whole = formatted(source.substring(0, end) + "class Compact {\n" + source.substring(end) + "}\n");
        int begin = whole.indexOf("class Compact {\n");
        String body = whole.substring(whole.indexOf('\n', begin) + 1, whole.lastIndexOf('}'));
        return whole.substring(0, begin) + body.replaceAll("(?m)^ {4}", "").strip() + "\n";
    }

    private static long firstDifference(String a, String b) {
        List<String> left = a.lines().toList();
        List<String> right = b.lines().toList();
        int line = 0;
        while (line < left.size() && line < right.size() && left.get(line).equals(right.get(line))) {
            line++;
        }
        return line + 1;
    }

    /// Returns the `*.java` files below a directory, and with `prose` the `*.md` files too. Build output and hidden
    /// directories are not entered.
    private static List<Path> files(Path root, boolean prose) throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean skip = !directory.equals(root) && (name.equals("target") || name.startsWith("."));
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java") || (prose && name.endsWith(".md"))) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
