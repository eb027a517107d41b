package io.selectors4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checks that the library keeps every rule, and that each rule detects the violations in `bad`, a small copy of its
/// packages.
class ArchitectureTest {

    private static final String LIBRARY = "io.selectors4j";
    private static final String BAD = "io.selectors4j.architecture.bad";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    private static final JavaClasses BAD_CLASSES =
            new ClassFileImporter().importPath(Path.of("target/test-classes/io/selectors4j/architecture/bad"));

    private static ArchRule rule(String name, String root) {
        return switch (name) {
            case "foreign" -> ArchitectureRules.foreignMemoryIsForTheBindings(root);
            case "direction" -> ArchitectureRules.dependenciesPointOneWay(root);
            case "signatures" -> ArchitectureRules.nothingInternalInExportedSignatures(root);
            case "cycles" -> ArchitectureRules.packagesHaveNoCycles(root);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Test
    void classes_areFound() {
        assertThat(CLASSES).hasSizeGreaterThan(80);
        assertThat(CLASSES.contain("io.selectors4j.Selector")).isTrue();
        assertThat(CLASSES.contain("io.selectors4j.internal.ffi.Downcalls")).isTrue();
        assertThat(BAD_CLASSES).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"foreign", "direction", "signatures", "cycles"})
    void library_keepsTheRule(String name) {
        rule(name, LIBRARY).check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "foreign, os.UsesForeignMemory",
        "direction, internal.ffi.KnowsPosix",
        "direction, internal.posix.KnowsTheSystem",
        "direction, internal.sys.KnowsSelectors",
        "direction, os.KnowsDescriptors",
        "direction, fd.KnowsPrimitives",
        "signatures, os.ReturnsInternal",
        "signatures, os.TakesInternalInATypeArgument",
        "signatures, os.ExtendsInternal",
        "signatures, os.ImplementsInternalGenerically",
        "signatures, os.HasAnInternalField",
        "signatures, os.InheritsInternal",
        "signatures, os.BoundsByInternal",
        "signatures, os.ThrowsInternal",
        "cycles, internal.sys.KnowsSelectors"
    })
    void rule_findsItsViolation(String name, String violator) {
        assertThatCode(() -> rule(name, BAD).check(BAD_CLASSES))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(BAD + "." + violator);
    }

    @ParameterizedTest
    @CsvSource({
        "foreign, internal.ffi.Memory",
        "direction, os.KeepsItsInternalsToItself",
        "signatures, os.KeepsItsInternalsToItself",
        "signatures, internal.ffi.Memory"
    })
    void rule_reportsNoFalsePositive(String name, String innocent) {
        assertThatCode(() -> rule(name, BAD).check(BAD_CLASSES))
                .hasMessageNotContaining("<" + BAD + "." + innocent + ">")
                .hasMessageNotContaining("<" + BAD + "." + innocent + ".");
    }
}
