package io.selectors4j.stress.fuzz;

import io.selectors4j.ReadyHandler;
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
import java.util.stream.Collectors;

/// All that is public: the constructors and methods of the exported packages.
final class Api {

    private static final String[] PACKAGES = {"io.selectors4j", "io.selectors4j.os", "io.selectors4j.fd"};

    static final Documented DOCUMENTED = read();

    private Api() {}

    /// A constructor or method.
    ///
    /// @param executable what is called
    record Op(Executable executable) {

        boolean isStatic() {
            return executable instanceof Constructor<?> || Modifier.isStatic(executable.getModifiers());
        }

        Class<?> owner() {
            return executable.getDeclaringClass();
        }

        /// Its class, name and parameter types.
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

    private static Documented read() {
        try {
            return new Documented(PACKAGES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Those of some packages, always in the same order.
    static List<Op> of(String... packages) {
        List<Op> ops = new ArrayList<>();
        for (Class<?> type : DOCUMENTED.publicClasses()) {
            // Who is called with what is ready is a user.
            if (!List.of(packages).contains(type.getPackageName()) || type == ReadyHandler.class) {
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
