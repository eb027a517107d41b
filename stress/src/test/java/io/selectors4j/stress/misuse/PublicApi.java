package io.selectors4j.stress.misuse;

import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The public classes and methods of the library, found by reflection, so that tests notice new ones.
final class PublicApi {

    private static final List<String> PACKAGES = List.of(
            "io/selectors4j",
            "io/selectors4j/fd",
            "io/selectors4j/os",
            "io/selectors4j/process",
            "io/selectors4j/tty",
            "io/selectors4j/watch");

    private PublicApi() {}

    /// Returns the public classes of the exported packages, nested classes included.
    static List<Class<?>> classes() {
        List<Class<?>> classes = new ArrayList<>();
        try {
            URI location = Selector.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            Path path = Path.of(location);
            if (Files.isDirectory(path)) {
                addClasses(path, classes);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(path)) {
                    addClasses(jar.getPath("/"), classes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new LinkageError("location of the library", e);
        }
        return classes;
    }

    private static void addClasses(Path root, List<Class<?>> to) throws IOException {
        for (String name : PACKAGES) {
            try (Stream<Path> files = Files.list(root.resolve(name))) {
                for (Path file : files.sorted().toList()) {
                    String fileName = file.getFileName().toString();
                    if (fileName.endsWith(".class") && !fileName.endsWith("-info.class")) {
                        String simple = fileName.substring(0, fileName.length() - ".class".length());
                        Class<?> type = load(name.replace('/', '.') + "." + simple);
                        if (isPublic(type)) {
                            to.add(type);
                        }
                    }
                }
            }
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new LinkageError(name, e);
        }
    }

    private static boolean isPublic(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            if (!Modifier.isPublic(each.getModifiers())) {
                return false;
            }
        }
        return true;
    }

    /// Returns the methods of an object, inherited methods included, without the methods of Object.
    static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .map(PublicApi::callable)
                .sorted((one, other) -> one.toGenericString().compareTo(other.toGenericString()))
                .toList();
    }

    /// Returns the public constructors and static methods of a class.
    static List<Executable> statics(Class<?> type) {
        List<Executable> all = new ArrayList<>(List.of(type.getConstructors()));
        Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getDeclaringClass() == type)
                .forEach(all::add);
        return all;
    }

    /// Returns the public declaration of a method whose class is not public.
    private static Method callable(Method method) {
        if (Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
            return method;
        }
        for (Class<?> type : List.of(Selector.class, Pollable.class, Object.class)) {
            try {
                return type.getMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException e) {
                // declared by another type
            }
        }
        throw new AssertionError("no public declaration of " + method);
    }
}
