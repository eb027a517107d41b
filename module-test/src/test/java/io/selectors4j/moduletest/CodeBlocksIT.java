package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The code blocks of the documentation compile.
class CodeBlocksIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static List<Path> files(Path directory, int depth, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory, depth)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void allBlocksOfTheDocumentationCompile(@TempDir Path directory) throws Exception {
        CodeBlocks blocks = new CodeBlocks();
        for (List<Path> files : List.of(
                files(ROOT, 1, ".md"),
                files(ROOT.resolve("docs"), 9, ".md"),
                files(ROOT.resolve("selectors4j/src/main/java"), 99, ".java"),
                files(ROOT.resolve("selectors4j-nio/src/main/java"), 99, ".java"),
                files(ROOT.resolve("selectors4j-testing/src/main/java"), 99, ".java"))) {
            for (Path file : files) {
                blocks.add(ROOT.relativize(file).toString(), Files.readString(file));
            }
        }
        assertThat(blocks.blocks())
                .extracting(CodeBlocks.Block::file)
                .contains("README.md", "docs/testing.md", "selectors4j/src/main/java/io/selectors4j/Selector.java");
        List<String> types = new ArrayList<>(Exported.types());
        types.addAll(List.of(
                "io.selectors4j.nio.FdChannel",
                "io.selectors4j.nio.SelectorsProvider",
                "io.selectors4j.testing.Simulation"));
        assertThat(blocks.errors(directory, types)).isEmpty();
    }

    @Test
    void anErrorNamesTheFileAndTheLine(@TempDir Path directory) throws Exception {
        CodeBlocks blocks = new CodeBlocks()
                .add("good.md", "```java\nSelector<String> selector = Selector.open();\n```\n")
                .add("statements.md", "text\n\n- item\n\n  ```java\n  int x = 0;\n  x = \"a\";\n  ```\n")
                .add("program.md", "```sh\nls\n```\n```java\nvoid main() {\n    nothing();\n}\n```\n")
                .add("type.md", "```java\nclass A {\n    int b() {}\n}\n```\n")
                .add("A.java", "/// ```java\n/// int y = true;\n/// ```\nclass A {}\n");
        assertThat(blocks.blocks()).hasSize(5);
        assertThat(blocks.errors(directory, Exported.types()))
                .containsExactlyInAnyOrder(
                        "statements.md:7: incompatible types: String cannot be converted to int",
                        "program.md:6: cannot find symbol",
                        "type.md:3: missing return statement",
                        "A.java:2: incompatible types: boolean cannot be converted to int");
    }
}
