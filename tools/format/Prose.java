import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Wraps the paragraphs of Markdown files and of `///` and `//` comments in Java at 120 columns.
///
/// Only a paragraph or list item with a longer line changes: its lines are joined and wrapped again. Tables, headings,
/// fenced and indented code, HTML, quotations, link definitions and lines that are one link stay as they are. So does a
/// line without a place to break it. Code spans and links are broken only if they are longer than a line.
final class Prose {

    private static final int COLUMNS = 120;

    /// What continues a `@param` is indented by this.
    private static final String TAG_INDENT = "    ";

    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+).*");
    private static final Pattern ITEM = Pattern.compile("(\\s*(?:[-*+]|\\d{1,9}[.)]) +)(\\S.*)");

    /// A number that begins no list in the middle of a paragraph, as CommonMark has it.
    private static final Pattern NUMBER = Pattern.compile("\\s*(?!1[.)])\\d+[.)] .*");

    private static final Pattern TAG = Pattern.compile("\\s*@\\w+( .*)?");
    private static final Pattern LINK = Pattern.compile("\\s*!?\\[[^\\]]*\\](\\([^)]*\\))?[.,:]?\\s*");
    private static final Pattern VERBATIM =
            Pattern.compile("\\s*(#{1,6}( .*)?|\\|.*|<.*|>.*|\\[[^\\]]+\\]: .*|([-*_=] *){3,})");

    /// A word that would begin something else than a continued paragraph at the start of a line.
    private static final Pattern BEGINS_ANOTHER =
            Pattern.compile("([-*+]|\\d{1,9}[.)]|#{1,6})( .*)?|[|<>].*|@\\w.*|```.*|~~~.*|([-*_=]){3,}|//.*");

    private static final Pattern COMMENT_LINE = Pattern.compile("([ \\t]*)(///?)(?: (.*)|())");

    private Prose() {}

    /// Wraps a Markdown file.
    static String wrapMarkdown(String text) {
        List<String> lines = text.lines().toList();
        return join(wrap(lines, COLUMNS, false), text);
    }

    /// Wraps the comments of a Java source, except for those beside code.
    static String wrapComments(String source) {
        List<String> out = new ArrayList<>();
        List<String> comment = new ArrayList<>();
        String prefix = "";
        boolean inTextBlock = false;
        for (String line : source.lines().toList()) {
            Matcher matcher = COMMENT_LINE.matcher(line);
            boolean isComment = !inTextBlock && matcher.matches();
            String linePrefix = isComment ? matcher.group(1) + matcher.group(2) : "";
            if (!linePrefix.equals(prefix)) {
                flush(comment, prefix, out);
                prefix = linePrefix;
            }
            if (isComment) {
                comment.add(matcher.group(3) == null ? "" : matcher.group(3));
            } else {
                out.add(line);
                if ((line.split("\"\"\"", -1).length - 1) % 2 == 1) {
                    inTextBlock = !inTextBlock;
                }
            }
        }
        flush(comment, prefix, out);
        return join(out, source);
    }

    /// Returns the numbers of the lines of a Java source that are longer although they end in a comment or are part of
    /// one, and that [#wrapComments] cannot wrap.
    static List<Integer> longComments(String source) {
        List<Integer> found = new ArrayList<>();
        boolean inTextBlock = false;
        boolean inBlock = false;
        int number = 0;
        for (String line : source.lines().toList()) {
            number++;
            String stripped = line.strip();
            boolean isLine = stripped.startsWith("//");
            if (!inTextBlock && !isLine) {
                if (stripped.startsWith("/*")) {
                    inBlock = true;
                }
                int beside = line.indexOf(" // ");
                boolean isBeside = !inBlock && beside >= 0 && !isInString(line, beside);
                if (line.length() > COLUMNS && (inBlock || isBeside) && stripped.contains(" ")) {
                    found.add(number);
                }
                if (inBlock && stripped.contains("*/")) {
                    inBlock = false;
                }
            }
            if (!isLine && (line.split("\"\"\"", -1).length - 1) % 2 == 1) {
                inTextBlock = !inTextBlock;
            }
        }
        return found;
    }

    private static boolean isInString(String line, int index) {
        return line.substring(0, index)
                                .replace("\\\"", "")
                                .chars()
                                .filter(c -> c == '"')
                                .count()
                        % 2
                == 1;
    }

    private static void flush(List<String> comment, String prefix, List<String> out) {
        for (String line : wrap(comment, COLUMNS - prefix.length() - 1, prefix.endsWith("///"))) {
            out.add(line.isEmpty() ? prefix : prefix + " " + line);
        }
        comment.clear();
    }

    private static String join(List<String> lines, String original) {
        String text = String.join("\n", lines);
        return original.endsWith("\n") ? text + "\n" : text;
    }

    /// A paragraph, or the first paragraph of a list item or of a tag.
    ///
    /// @param first what its first line begins with: an indentation and the mark of an item
    /// @param indent what the others begin with
    /// @param lines as they are
    private record Paragraph(String first, String indent, List<String> lines) {

        boolean isTooLong(int columns) {
            return lines.stream().anyMatch(line -> line.length() > columns)
                    && lines.stream().noneMatch(line -> line.endsWith("  ") || line.endsWith("\\"));
        }

        List<String> wrapped(int columns) {
            String text = String.join(" ", lines.stream().map(String::strip).toList())
                    .substring(first.strip().length())
                    .strip();
            List<String> out = new ArrayList<>();
            StringBuilder line = new StringBuilder(first);
            boolean isEmpty = true;
            for (String word : words(text, columns - indent.length())) {
                if (!isEmpty && line.length() + 1 + word.length() > columns) {
                    out.add(line.toString());
                    line = new StringBuilder(indent);
                    isEmpty = true;
                }
                line.append(isEmpty ? "" : " ").append(word);
                isEmpty = false;
            }
            out.add(line.toString());
            return out;
        }
    }

    /// Wraps lines of Markdown.
    ///
    /// @param columns how long a line may be
    /// @param hasTags whether a line may begin a tag such as `@param`
    private static List<String> wrap(List<String> lines, int columns, boolean hasTags) {
        List<String> out = new ArrayList<>();
        Paragraph open = null;
        boolean inList = false;
        String fence = "";
        for (String line : lines) {
            Matcher fenceLine = FENCE.matcher(line);
            if (!fence.isEmpty()) {
                out.add(line);
                if (line.strip().startsWith(fence)) {
                    fence = "";
                }
                continue;
            }
            boolean isBlank = line.isBlank();
            boolean isFence = fenceLine.matches();
            boolean isCode = open == null && !inList && line.startsWith("    ");
            if (isBlank
                    || isFence
                    || isCode
                    || VERBATIM.matcher(line).matches()
                    || LINK.matcher(line).matches()) {
                close(open, columns, out);
                open = null;
                if (isFence) {
                    fence = fenceLine.group(1);
                }
                inList &= isBlank || line.startsWith("  ");
                out.add(line);
                continue;
            }
            Matcher item = ITEM.matcher(line);
            boolean isItem = item.matches()
                    && (open == null || inList || !NUMBER.matcher(line).matches());
            boolean isTag = hasTags && TAG.matcher(line).matches();
            if (isItem || isTag || open == null) {
                close(open, columns, out);
                String indent =
                        line.substring(0, line.length() - line.stripLeading().length());
                if (isItem) {
                    open = new Paragraph(item.group(1), " ".repeat(item.group(1).length()), new ArrayList<>());
                    inList = true;
                } else {
                    open = new Paragraph(indent, isTag ? indent + TAG_INDENT : indent, new ArrayList<>());
                    inList &= !indent.isEmpty();
                }
            }
            open.lines().add(line);
        }
        close(open, columns, out);
        return out;
    }

    private static void close(Paragraph paragraph, int columns, List<String> out) {
        if (paragraph != null) {
            out.addAll(paragraph.isTooLong(columns) ? paragraph.wrapped(columns) : paragraph.lines());
        }
    }

    /// Splits a text where a line may end.
    private static List<String> words(String text, int columns) {
        List<String> words = new ArrayList<>();
        for (String piece : pieces(text)) {
            for (String word : piece.length() > columns ? List.of(piece.split(" +")) : List.of(piece)) {
                if (!words.isEmpty() && BEGINS_ANOTHER.matcher(word).matches()) {
                    words.add(words.removeLast() + " " + word);
                } else {
                    words.add(word);
                }
            }
        }
        return words;
    }

    /// Splits a text at its spaces, except for those in code spans and links.
    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end = switch (c) {
                case '`' -> codeEnd(text, i);
                case '[' -> linkEnd(text, i);
                default -> i;
            };
            if (end > i) {
                piece.append(text, i, end);
                i = end;
                continue;
            }
            if (c == ' ') {
                if (!piece.isEmpty()) {
                    pieces.add(piece.toString());
                    piece.setLength(0);
                }
            } else {
                piece.append(c);
            }
            i++;
        }
        if (!piece.isEmpty()) {
            pieces.add(piece.toString());
        }
        return pieces;
    }

    /// Returns the end of the code span that begins at an index, or the index if it does not end.
    private static int codeEnd(String text, int start) {
        int ticks = start;
        while (ticks < text.length() && text.charAt(ticks) == '`') {
            ticks++;
        }
        String mark = text.substring(start, ticks);
        int end = text.indexOf(mark, ticks);
        return end < 0 ? start : end + mark.length();
    }

    /// Returns the end of the link that begins at an index, with its target, or the index if it does not end.
    private static int linkEnd(String text, int start) {
        int depth = 0;
        int i = start;
        for (; i < text.length(); i++) {
            depth += text.charAt(i) == '[' ? 1 : text.charAt(i) == ']' ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
        if (i == text.length()) {
            return start;
        }
        if (i + 1 < text.length() && (text.charAt(i + 1) == '(' || text.charAt(i + 1) == '[')) {
            int end = text.indexOf(text.charAt(i + 1) == '(' ? ')' : ']', i + 1);
            return end < 0 ? i + 1 : end + 1;
        }
        return i + 1;
    }
}
