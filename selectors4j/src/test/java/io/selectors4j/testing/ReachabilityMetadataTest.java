package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.LinkedShapes.Shape;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares the metadata for native-image with the bindings. With `-Dmetadata.write=true`, writes it first.
class ReachabilityMetadataTest {

    private static final Path FILE =
            Path.of("src/main/resources/META-INF/native-image/io.selectors4j/selectors4j/reachability-metadata.json");

    private static final Pattern JDK_INTERNAL_TYPE = Pattern.compile("sun\\.[a-z.]+\\.[A-Z]\\w*");

    @Test
    void committedFile_isTheGeneratedOne() throws IOException, ClassNotFoundException {
        String generated = ReachabilityMetadata.generate();
        if (Boolean.getBoolean("metadata.write")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, generated);
        }

        assertThat(FILE).as("run this test with -Dmetadata.write=true").hasContent(generated);
    }

    @Test
    void reflectedTypes_areTheNamesInTheLibrary() throws IOException {
        List<Path> classes;
        try (Stream<Path> files = Files.walk(Path.of("target/classes"))) {
            classes = files.filter(file -> file.toString().endsWith(".class")).toList();
        }
        Set<String> used = new TreeSet<>();
        for (Path file : classes) {
            for (var entry : ClassFile.of().parse(file).constantPool()) {
                if (entry instanceof StringEntry string
                        && JDK_INTERNAL_TYPE.matcher(string.stringValue()).matches()) {
                    used.add(string.stringValue());
                }
            }
        }

        Set<String> listed = Pattern.compile("\"type\": \"([^\"]+)\"")
                .matcher(Files.readString(FILE))
                .results()
                .map(MatchResult::group)
                .map(match -> match.replaceAll(".*\"(.+)\"", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).isNotEmpty().isEqualTo(listed);
    }

    @Test
    void shapes_followTheSystem() throws IOException, ClassNotFoundException {
        assertThat(LinkedShapes.of("Linux", List.of("posix")))
                .contains(poll(JAVA_LONG))
                .doesNotContain(poll(JAVA_INT));
        assertThat(LinkedShapes.of("FreeBSD", List.of("posix")))
                .contains(poll(JAVA_INT))
                .doesNotContain(poll(JAVA_LONG));
        assertThat(LinkedShapes.of("NetBSD", List.of("bsd")))
                .contains(captures(
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS)));
        assertThat(LinkedShapes.of("Windows 11", List.of("ffi", "posix", "windows")))
                .contains(
                        captures(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG)),
                        captures(FunctionDescriptor.of(
                                JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS,
                                ADDRESS)));
    }

    private static Shape poll(ValueLayout nfds) {
        return captures(FunctionDescriptor.of(JAVA_INT, ADDRESS, nfds, JAVA_INT));
    }

    private static Shape captures(FunctionDescriptor type) {
        return new Shape(type, true, -1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ioctl", "syscall"})
    void variadicFunction_hasItsIndex(String function) throws IOException, ClassNotFoundException {
        String entry = switch (function) {
            case "ioctl" ->
                "{ \"returnType\": \"jint\", \"parameterTypes\": [\"jint\", \"jlong\", \"void*\"],"
                        + " \"options\": { \"captureCallState\": true, \"firstVariadicArg\": 2 } }";
            default ->
                "{ \"returnType\": \"jlong\", \"parameterTypes\": [\"jlong\", \"jlong\", \"jlong\", \"jlong\","
                        + " \"jlong\", \"jlong\", \"jlong\"],"
                        + " \"options\": { \"captureCallState\": true, \"firstVariadicArg\": 1 } }";
        };
        assertThat(ReachabilityMetadata.generate()).contains(entry);
    }
}
