package io.selectors4j.moduletest;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/// What the library's module exports.
final class Exported {

    private Exported() {}

    /// The names of all public types that are not nested.
    static List<String> types() throws IOException {
        Set<String> packages =
                ModuleFinder.of(Child.LIBRARY).findAll().iterator().next().descriptor().exports().stream()
                        .filter(exports -> !exports.isQualified())
                        .map(Exports::source)
                        .collect(Collectors.toSet());
        List<String> types = new ArrayList<>();
        try (JarFile jar = new JarFile(Child.LIBRARY.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName().replace(".class", "").replace('/', '.');
                if (!entry.getName().matches("[\\w/]+\\.class")
                        || !packages.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                    continue;
                }
                ClassModel type = ClassFile.of().parse(jar.getInputStream(entry).readAllBytes());
                if (type.flags().has(AccessFlag.PUBLIC)) {
                    types.add(name);
                }
            }
        }
        return types;
    }
}
