package io.selectors4j.stress.fuzz;

import io.selectors4j.ReadyHandler;
import io.selectors4j.fd.FdFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The public constructors and methods of the exported packages.
final class Api {

    /// The exported packages in groups, each of which gets the same share of the fuzzer's time.
    static final List<List<String>> PACKAGES = List.of(
            List.of("io.selectors4j"),
            List.of("io.selectors4j.os"),
            List.of("io.selectors4j.fd", "io.selectors4j.process", "io.selectors4j.tty", "io.selectors4j.watch"));

    /// The interfaces that users implement.
    private static final Set<Class<?>> CALLBACKS = Set.of(ReadyHandler.class, FdFunction.class);

    static final DocumentedThrows DOCUMENTED = read();

    private Api() {}

    /// A constructor or method.
    record Op(Executable executable) {

        boolean isStatic() {
            return executable instanceof Constructor<?> || Modifier.isStatic(executable.getModifiers());
        }

        Class<?> owner() {
            return executable.getDeclaringClass();
        }

        /// Returns the class, name and parameter types.
        @Override
        public String toString() {
            String name = executable instanceof Method ? executable.getName() : "new";
            return simpleName(owner()) + "." + name
                    + Arrays.stream(executable.getParameterTypes())
                            .map(Class::getSimpleName)
                            .collect(Collectors.joining(", ", "(", ")"));
        }
    }

    private static String simpleName(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1);
    }

    private static DocumentedThrows read() {
        try {
            return DocumentedThrows.of(PACKAGES.stream().flatMap(List::stream).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the constructors and methods of some packages, always in the same order.
    static List<Op> of(List<String> packages) {
        List<Op> ops = new ArrayList<>();
        for (Class<?> type : DOCUMENTED.publicClasses()) {
            if (!packages.contains(type.getPackageName()) || CALLBACKS.contains(type)) {
                continue;
            }
            if (!Modifier.isAbstract(type.getModifiers())) {
                addPublic(ops, type.getConstructors());
            }
            addPublic(ops, type.getDeclaredMethods());
        }
        ops.sort(Comparator.comparing(Op::toString));
        return List.copyOf(ops);
    }

    private static void addPublic(List<Op> ops, Executable[] executables) {
        for (Executable executable : executables) {
            if (Modifier.isPublic(executable.getModifiers()) && !executable.isSynthetic()) {
                ops.add(new Op(executable));
            }
        }
    }
}
