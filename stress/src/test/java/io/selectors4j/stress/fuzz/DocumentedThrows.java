package io.selectors4j.stress.fuzz;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The exceptions that the doc comments of the public classes document for each method.
///
/// The compiler reads the doc comments. A JDK without a compiler, such as the one of tools/windows, reads a file
/// instead that another one has written: `-Ddocumented.throws=FILE`.
final class DocumentedThrows {

    private static final String FILE = "documented.throws";

    /// The names of all classes.
    private final Set<String> classes;

    /// The names of exceptions by class, method and parameter types.
    private final Map<String, Set<String>> thrown;

    DocumentedThrows(Set<String> classes, Map<String, Set<String>> thrown) {
        this.classes = classes;
        this.thrown = thrown;
    }

    /// Reads the doc comments of some packages.
    static DocumentedThrows of(List<String> packages) throws IOException {
        String file = System.getProperty(FILE);
        return file == null ? DocCommentScanner.scan(packages) : read(Path.of(file));
    }

    /// Writes the file.
    ///
    /// @param args the path of the file
    public static void main(String[] args) throws IOException {
        Api.DOCUMENTED.write(Path.of(args[0]));
    }

    /// Writes a line for each class, and one for each method with its exceptions.
    private void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(classes);
        thrown.forEach((method, exceptions) -> lines.add(method + " " + String.join(" ", exceptions)));
        Files.write(file, lines);
    }

    private static DocumentedThrows read(Path file) throws IOException {
        Set<String> classes = new TreeSet<>();
        Map<String, Set<String>> thrown = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            List<String> words = Arrays.asList(line.split(" "));
            if (line.indexOf('#') < 0) {
                classes.add(line);
            } else {
                thrown.put(words.getFirst(), Set.copyOf(words.subList(1, words.size())));
            }
        }
        return new DocumentedThrows(classes, thrown);
    }

    /// Returns the public classes, nested classes included.
    List<Class<?>> publicClasses() {
        List<Class<?>> found = new ArrayList<>();
        for (String name : classes) {
            try {
                Class<?> type = Class.forName(name, false, DocumentedThrows.class.getClassLoader());
                boolean visible = Modifier.isPublic(type.getModifiers());
                for (Class<?> outer = type.getEnclosingClass(); outer != null; outer = outer.getEnclosingClass()) {
                    visible &= Modifier.isPublic(outer.getModifiers());
                }
                if (visible) {
                    found.add(type);
                }
            } catch (ClassNotFoundException e) {
                throw new LinkageError(name, e);
            }
        }
        return found;
    }

    /// Returns the exceptions that a method or the methods that it overrides document.
    ///
    /// @param receiver the class of the receiver
    Set<String> of(Executable executable, @Nullable Class<?> receiver) {
        String signature = name(executable)
                + Arrays.stream(executable.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"));
        Set<String> names = new HashSet<>();
        if (receiver == null || !(executable instanceof Method)) {
            names.addAll(thrown.getOrDefault(executable.getDeclaringClass().getName() + "#" + signature, Set.of()));
        } else {
            collect(receiver, signature, names);
        }
        return names;
    }

    private void collect(@Nullable Class<?> type, String signature, Set<String> into) {
        if (type != null) {
            into.addAll(thrown.getOrDefault(type.getName() + "#" + signature, Set.of()));
            collect(type.getSuperclass(), signature, into);
            for (Class<?> implemented : type.getInterfaces()) {
                collect(implemented, signature, into);
            }
        }
    }

    private static String name(Executable executable) {
        return executable instanceof Method ? executable.getName() : "<init>";
    }
}
