import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keeps blocks of code in Markdown files equal to the files that the code comes from.
///
/// A comment before such a block names the file, from the root of the repository: `<!-- code: PATH -->`. With
/// `<!-- code: PATH#NAME -->`, the block has the lines between `// #region NAME` and `// #endregion`, without the
/// indentation that they share.
final class Snippets {

    private static final Pattern BLOCK = Pattern.compile(
            "^(<!-- code: (?<file>[^#\\s]+)(#(?<region>[\\w-]+))? -->\\n+```\\w*\\n)(?<code>.*?)^```$",
            Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern MARKER = Pattern.compile("[ \\t]*// #(region [\\w-]+|endregion)");

    private Snippets() {}

    /// Returns a Markdown file with the present code in its blocks.
    ///
    /// @param root the root of the repository
    /// @throws IOException if a file cannot be read, or has no such region
    static String update(Path root, String markdown) throws IOException {
        Matcher matcher = BLOCK.matcher(markdown);
        StringBuilder updated = new StringBuilder();
        while (matcher.find()) {
            String code = code(root.resolve(matcher.group("file")), matcher.group("region"));
            matcher.appendReplacement(updated, Matcher.quoteReplacement(matcher.group(1) + code + "```"));
        }
        return matcher.appendTail(updated).toString();
    }

    private static String code(Path file, String region) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (region != null) {
            int begin = 1 + lines.stream().map(String::strip).toList().indexOf("// #region " + region);
            int end = begin;
            while (begin > 0 && end < lines.size() && !lines.get(end).strip().equals("// #endregion")) {
                end++;
            }
            if (begin == 0 || end == lines.size()) {
                throw new IOException(file + " has no complete region " + region);
            }
            lines = lines.subList(begin, end);
        }
        return String.join(
                                "\n",
                                lines.stream()
                                        .filter(line -> !MARKER.matcher(line).matches())
                                        .toList())
                        .stripIndent()
                        .strip()
                + "\n";
    }
}
