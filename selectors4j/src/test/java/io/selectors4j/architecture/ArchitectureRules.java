package io.selectors4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The rules, for a given root package.
final class ArchitectureRules {

    private static final String FOREIGN = "java.lang.foreign";
    private static final List<String> EXPORTED = List.of("", ".fd", ".os", ".process", ".tty", ".watch");

    private static final List<String> BINDINGS =
            List.of(".internal.bsd", ".internal.linux", ".internal.windows", ".internal.posix", ".internal.ffi");

    /// The packages that each package may use besides itself, from top to bottom. VALUES stands for the types below.
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry(".internal.jfr", List.of()),
            Map.entry(".internal.ffi", List.of()),
            Map.entry(".internal.posix", List.of(".internal.ffi")),
            Map.entry(".internal.linux", List.of(".internal.posix", ".internal.ffi")),
            Map.entry(".internal.bsd", List.of(".internal.posix", ".internal.ffi")),
            Map.entry(".internal.windows", List.of(".internal.posix", ".internal.ffi")),
            Map.entry(".internal.sys", with(BINDINGS, "VALUES", ".internal.jfr")),
            Map.entry(".internal.selector", with(BINDINGS, "VALUES", ".internal.jfr", ".internal.sys")),
            Map.entry(
                    ".internal.simulation",
                    with(BINDINGS, "VALUES", "Selector", ".internal.selector", ".internal.sys")),
            Map.entry(".os", with(BINDINGS, "VALUES", ".internal.sys")),
            Map.entry(".fd", with(BINDINGS, "VALUES", ".internal.selector", ".internal.sys")),
            Map.entry(".process", with(BINDINGS, "VALUES", "Await", ".internal.sys", ".fd")),
            Map.entry(".tty", with(BINDINGS, "VALUES", ".internal.sys", ".fd")),
            Map.entry(".watch", with(BINDINGS, "VALUES", ".internal.sys", ".fd")));

    /// The types of the root package that every package above the bindings may use.
    private static final Set<String> VALUES = Set.of(
            "Pollable",
            "PollableChannel",
            "Interest",
            "Readiness",
            "SelectorKey",
            "ReadyKey",
            "Backend",
            "NativeIOException",
            "AlreadyRegisteredException",
            "NotRegisteredException");

    private ArchitectureRules() {}

    private static List<String> with(List<String> bindings, String... others) {
        return Stream.concat(Stream.of(others), bindings.stream()).toList();
    }

    static ArchRule foreignMemoryIsForTheBindings(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(
                        BINDINGS.stream().map(name -> root + name + "..").toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(FOREIGN + "..");
    }

    static ArchRule dependenciesPointOneWay(String root) {
        return classes().should(new ArchCondition<>("depend only on the packages below") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                String from = below(root, user);
                for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                    JavaClass used = dependency.getTargetClass().getBaseComponentType();
                    if (!used.getPackageName().startsWith(root)) {
                        continue;
                    }
                    if (!mayUse(from, below(root, used), outermost(used))) {
                        events.add(SimpleConditionEvent.violated(user, dependency.getDescription()));
                    }
                }
            }
        });
    }

    /// Returns whether a package, below the root, may use a type of another one. The root package may use every type.
    static boolean mayUse(String from, String to, String type) {
        List<String> allowed = MAY_USE.get(from);
        boolean value = to.isEmpty() && VALUES.contains(type);
        String name = to.isEmpty() ? type : to;
        return allowed == null || to.equals(from) || allowed.contains(value ? "VALUES" : name);
    }

    static ArchRule packagesHaveNoCycles(String root) {
        // No slice contains the root package: its Backend opens the selectors, which use all other packages.
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    static ArchRule nothingInternalInExportedSignatures(String root) {
        return classes().should(new ArchCondition<>("show no internal type to users") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!EXPORTED.contains(below(root, type)) || !isVisible(type)) {
                    return;
                }
                for (JavaType used : visibleTypes(type)) {
                    for (JavaClass raw : used.getAllInvolvedRawTypes()) {
                        JavaClass base = raw.getBaseComponentType();
                        String name = base.getPackageName();
                        if (name.startsWith(root + ".internal") || name.startsWith(FOREIGN)) {
                            events.add(SimpleConditionEvent.violated(
                                    type, "<" + type.getName() + "> shows " + base.getName()));
                        }
                    }
                }
            }
        });
    }

    /// Returns the name of the package below the root, for example `.os`; empty for the root itself.
    private static String below(String root, JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(root) ? name.substring(root.length()) : name;
    }

    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getSimpleName();
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureRules::isVisible).orElse(true);
    }

    private static boolean isVisible(Collection<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    /// Returns all types in the signatures that a user sees: supertypes, members, and members of hidden supertypes.
    private static Set<JavaType> visibleTypes(JavaClass type) {
        Set<JavaType> types = new HashSet<>();
        addBounds(type.getTypeParameters(), types);
        JavaClass current = type;
        while (true) {
            current.getSuperclass().ifPresent(types::add);
            types.addAll(current.getInterfaces());
            for (JavaField field : current.getFields()) {
                if (isVisible(field.getModifiers())) {
                    types.add(field.getType());
                }
            }
            for (JavaCodeUnit unit : current.getCodeUnits()) {
                if (isVisible(unit.getModifiers()) && !unit.getModifiers().contains(JavaModifier.SYNTHETIC)) {
                    types.add(unit.getReturnType());
                    types.addAll(unit.getParameterTypes());
                    types.addAll(unit.getExceptionTypes());
                    addBounds(unit.getTypeParameters(), types);
                }
            }
            JavaClass parent = current.getRawSuperclass().orElse(null);
            if (parent == null || isVisible(parent)) {
                return types; // the rule checks visible supertypes themselves, if they are exported
            }
            current = parent;
        }
    }

    private static void addBounds(List<? extends JavaTypeVariable<?>> variables, Set<JavaType> types) {
        for (JavaTypeVariable<?> variable : variables) {
            types.addAll(variable.getUpperBounds());
        }
    }
}
