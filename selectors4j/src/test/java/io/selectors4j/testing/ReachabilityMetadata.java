package io.selectors4j.testing;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Generates the metadata that GraalVM's native-image needs: the types of all C functions that the bindings link, on
/// any system, and what the library reads by reflection.
public final class ReachabilityMetadata {

    /// Which packages of bindings a system uses.
    private static final Map<String, List<String>> SYSTEMS = systems();

    /// What the library uses by reflection: types, methods and fields, as entries of the file.
    private static final List<String> REFLECTION = List.of(
            reflection("MiscSignal", "sun.misc.Signal", """
                    "methods": [
                            { "name": "<init>", "parameterTypes": ["java.lang.String"] },
                            { "name": "handle", "parameterTypes": ["sun.misc.Signal", "sun.misc.SignalHandler"] }
                          ]"""),
            reflection("MiscSignal", "sun.misc.SignalHandler", """
                    "methods": [{ "name": "handle", "parameterTypes": ["sun.misc.Signal"] }],
                          "fields": [{ "name": "SIG_DFL" }, { "name": "SIG_IGN" }]"""),
            """
                    {
                          "condition": { "typeReached": "io.selectors4j.internal.sys.MiscSignal" },
                          "type": { "proxy": ["sun.misc.SignalHandler"] }
                        }""",
            reflection("JdkDescriptors", "sun.nio.ch.SelChImpl", """
                    "methods": [{ "name": "getFDVal", "parameterTypes": [] }]"""),
            reflection("JdkDescriptors", "sun.nio.ch.FileChannelImpl", """
                    "fields": [{ "name": "fd" }]"""),
            reflection("JdkDescriptors", "sun.nio.ch.IOUtil", """
                    "methods": [{ "name": "fdVal", "parameterTypes": ["java.io.FileDescriptor"] }]"""));

    private ReachabilityMetadata() {}

    private static Map<String, List<String>> systems() {
        Map<String, List<String>> systems = new LinkedHashMap<>();
        systems.put("Linux", List.of("ffi", "posix", "linux", "bsd")); // kqueue of libkqueue
        for (String bsd : List.of("Mac OS X", "FreeBSD", "OpenBSD", "NetBSD", "DragonFlyBSD")) {
            systems.put(bsd, List.of("ffi", "posix", "bsd"));
        }
        systems.put("Windows 11", List.of("ffi", "posix", "windows"));
        return systems;
    }

    private static String reflection(String user, String type, String members) {
        return """
                {
                      "condition": { "typeReached": "io.selectors4j.internal.sys.%s" },
                      "type": "%s",
                      %s
                    }""".formatted(user, type, members);
    }

    /// Returns the shapes that any system needs.
    public static Set<LinkedShapes.Shape> shapes() throws IOException, ClassNotFoundException {
        Set<LinkedShapes.Shape> shapes = new LinkedHashSet<>();
        for (var system : SYSTEMS.entrySet()) {
            shapes.addAll(LinkedShapes.of(system.getKey(), system.getValue()));
        }
        return shapes;
    }

    /// Returns the file for the jar.
    public static String generate() throws IOException, ClassNotFoundException {
        Set<String> downcalls =
                shapes().stream().map(ReachabilityMetadata::downcall).collect(Collectors.toCollection(TreeSet::new));
        return """
                {
                  "comment": "Generated: mvn -pl selectors4j -Dtest=ReachabilityMetadataTest -Dmetadata.write=true test",
                  "reflection": [
                    %s
                  ],
                  "foreign": {
                    "downcalls": [
                      %s
                    ]
                  }
                }
                """.formatted(String.join(",\n    ", REFLECTION), String.join(",\n      ", downcalls));
    }

    private static String downcall(LinkedShapes.Shape shape) {
        String parameters = shape.type().argumentLayouts().stream()
                .map(layout -> '"' + name(layout) + '"')
                .collect(Collectors.joining(", "));
        String returned =
                shape.type().returnLayout().map(ReachabilityMetadata::name).orElse("void");
        String variadic = shape.firstVariadic() < 0 ? "" : ", \"firstVariadicArg\": " + shape.firstVariadic();
        return """
                { "returnType": "%s", "parameterTypes": [%s], "options": { "captureCallState": %s%s } }""".formatted(returned, parameters, shape.capturesState(), variadic);
    }

    /// Returns the name of a layout that is the same on every system: those of JNI. A C `long` has 32 bits on Windows.
    private static String name(MemoryLayout layout) {
        if (layout instanceof AddressLayout) {
            return "void*";
        }
        if (layout.equals(ValueLayout.JAVA_INT)) {
            return "jint";
        }
        if (layout.equals(ValueLayout.JAVA_LONG)) {
            return "jlong";
        }
        throw new IllegalArgumentException("no name for " + layout);
    }
}
