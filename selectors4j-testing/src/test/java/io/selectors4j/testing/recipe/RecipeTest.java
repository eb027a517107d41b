package io.selectors4j.testing.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page shows the code that the tests run.
class RecipeTest {

    @ParameterizedTest
    @ValueSource(strings = {"EchoServer.java", "EchoServerTest.java"})
    void page_hasTheCode(String file) throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/selectors4j/testing/recipe", file));
        String code = source.substring(source.indexOf("\nimport ")).strip();
        assertThat(Files.readString(Path.of("../docs/testing.md"))).contains("```java\n" + code + "\n```");
    }
}
