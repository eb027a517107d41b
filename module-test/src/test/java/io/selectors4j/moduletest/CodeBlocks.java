package io.selectors4j.moduletest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Compiles the blocks of Java code of texts: between a line of three backticks with `java` and the next three
/// backticks, in Markdown files and in `///` comments.
///
/// A block that declares a type or `void main` is compiled as it stands. Any other block is the body of a method that
/// throws `Exception`, in a class that imports all of the library and much of the JDK. A block with a type may use that
/// of an earlier block of its file. What a block of statements uses without declaring it is declared in [#NAMES].
///
/// A block that is a region of a source file (`<!-- code: FILE#NAME -->`) is left out: its file is compiled and run,
/// and tools/format checks that the block equals the region.
final class CodeBlocks {

    /// Lines of Java, for all files first, then below a line `[FILE]` for the blocks of one file.
    private static final Path NAMES = Path.of("src/test/code-blocks.txt");

    private static final Pattern FENCE = Pattern.compile("(?<indent>\\s*)```(?<language>\\w*).*");
    private static final Pattern COMMENT = Pattern.compile("\\s*/// ?(?<text>.*)");
    private static final Pattern REGION = Pattern.compile("<!-- code: \\S+#\\S+ -->");
    private static final Pattern STANDS_ALONE = Pattern.compile(
            "^((public|final|sealed|abstract) )*(class|interface|record|enum|@interface) |^(static )?void main\\(",
            Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile(
            "^((public|final|sealed|abstract) )*(class|interface|record|enum) (?<name>\\w+)", Pattern.MULTILINE);
    private static final Pattern ERROR = Pattern.compile("(?m)^.*/block(\\d+)/\\w+\\.java:(\\d+): error: (.*)$");

    /// A block of code.
    ///
    /// @param file where it is
    /// @param line the number of its first line there
    /// @param code its lines
    record Block(String file, int line, String code) {}

    private final List<Block> blocks = new ArrayList<>();

    /// Collects the blocks of a text.
    ///
    /// @param file the name for messages; that of a Java source, if it ends so
    CodeBlocks add(String file, String text) {
        boolean inComments = file.endsWith(".java");
        List<String> lines = new ArrayList<>();
        int begin = 0;
        String indent = "";
        boolean isOpen = false;
        boolean isJava = false;
        boolean isRegion = false;
        int number = 0;
        for (String whole : text.lines().toList()) {
            number++;
            String line = whole;
            if (inComments) {
                Matcher comment = COMMENT.matcher(whole);
                line = comment.matches() ? comment.group("text") : "";
            }
            Matcher fence = FENCE.matcher(line);
            if (!fence.matches()) {
                isRegion = line.isBlank() ? isRegion : REGION.matcher(line).matches();
                lines.add(line.startsWith(indent) ? line.substring(indent.length()) : line.strip());
            } else if (isOpen) {
                if (isJava) {
                    blocks.add(new Block(file, begin, String.join("\n", lines)));
                }
                isOpen = false;
                indent = "";
            } else {
                isOpen = true;
                isJava = fence.group("language").equals("java") && !isRegion;
                isRegion = false;
                indent = fence.group("indent");
                begin = number + 1;
                lines.clear();
            }
        }
        return this;
    }

    /// The blocks that were found.
    List<Block> blocks() {
        return blocks;
    }

    /// Compiles all blocks and returns what javac says against them: the file, the line, and the error.
    ///
    /// @param directory an empty one, for files
    /// @param imports the names of types to import for statements, which take precedence over those of the JDK
    List<String> errors(Path directory, List<String> imports) throws IOException, InterruptedException {
        List<String> names = Files.readAllLines(NAMES);
        List<String> command = new ArrayList<>(
                List.of(Child.tool("javac"), "-XDshould-stop.ifError=FLOW", "-Xmaxerrs", "1000", "-proc:none"));
        String classPath = Child.path(Child.LIBRARY, Child.NIO, Child.TESTING)
                + File.pathSeparator
                + System.getProperty("java.class.path"); // for tests in the documentation
        command.addAll(List.of("-d", directory.resolve("classes").toString(), "-cp", classPath));
        Map<Integer, Integer> firstLines = new HashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Path source = Files.createDirectories(directory.resolve("block" + i));
            if (STANDS_ALONE.matcher(block.code()).find()) {
                // Several blocks may declare a type of the same name, and a compact source file cannot be in a package.
                Matcher type = TYPE.matcher(block.code());
                String name = !isCompact(block) && type.find() ? type.group("name") : "Block" + i;
                String prefix = isCompact(block) ? "" : "package block" + packageOf(i) + "; ";
                command.add(Files.writeString(source.resolve(name + ".java"), prefix + block.code())
                        .toString());
                firstLines.put(i, 1);
            } else {
                String head = head(i, block, names, imports);
                String text = head + block.code() + "\n    }\n}\n";
                command.add(Files.writeString(source.resolve("Block" + i + ".java"), text)
                        .toString());
                firstLines.put(i, 1 + (int) head.lines().count());
            }
        }
        Child javac = Child.run(Map.of(), command);
        List<String> errors = new ArrayList<>();
        Matcher matcher = ERROR.matcher(javac.err());
        while (matcher.find()) {
            int index = Integer.parseInt(matcher.group(1));
            Block block = blocks.get(index);
            int line = block.line() + Integer.parseInt(matcher.group(2)) - firstLines.getOrDefault(index, 1);
            errors.add(block.file() + ":" + line + ": " + matcher.group(3));
        }
        if (errors.isEmpty() && javac.exitCode() != 0) {
            errors.add(javac.err());
        }
        return errors;
    }

    /// Returns the index of the first block whose package a block needs: that of the same file whose type it uses.
    private int packageOf(int index) {
        Block block = blocks.get(index);
        for (int i = 0; i < index; i++) {
            Matcher type = TYPE.matcher(blocks.get(i).code());
            if (blocks.get(i).file().equals(block.file())
                    && type.find()
                    && Pattern.compile("\\bnew " + type.group("name") + "\\(")
                            .matcher(block.code())
                            .find()) {
                return i;
            }
        }
        return index;
    }

    private static boolean isCompact(Block block) {
        return Pattern.compile("^(static )?void main\\(", Pattern.MULTILINE)
                .matcher(block.code())
                .find();
    }

    /// Returns what comes before a block of statements. The names for all files are in a superclass, so that those for
    /// one file hide them.
    private static String head(int index, Block block, List<String> names, List<String> imports) {
        Map<String, List<String>> sections = new TreeMap<>();
        String section = "";
        for (String line : names) {
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.startsWith("#")) {
                sections.computeIfAbsent(section, _ -> new ArrayList<>()).add(line);
            }
        }
        String own = sections.entrySet().stream()
                .filter(entry -> !entry.getKey().isEmpty() && block.file().endsWith(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .collect(Collectors.joining("\n"));
        String packages =
                List.of("io", "net", "nio", "nio.channels", "nio.file", "time", "util", "util.concurrent").stream()
                        .map(name -> "import java." + name + ".*;\n")
                        .collect(Collectors.joining());
        return "package block" + index + ";\n" + packages
                + imports.stream().map(type -> "import " + type + ";\n").collect(Collectors.joining())
                + "class Names" + index + " {\n" + String.join("\n", sections.getOrDefault("", List.of())) + "\n}\n"
                + "class Block" + index + " extends Names" + index + " {\n" + own
                + "\n    void run() throws Exception {\n";
    }
}
