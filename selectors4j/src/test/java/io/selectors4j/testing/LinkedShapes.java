package io.selectors4j.testing;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Records which types of C functions the bindings link on a system, also on one that does not run here.
///
/// A class loader defines the library's classes once more and diverts their calls of the linker, of symbol lookups and
/// of `System.getProperty` to this class. Every function is found then, so the record has also the types of functions
/// that the system lacks.
public final class LinkedShapes extends ClassLoader {

    private static final Path CLASSES = Path.of("target/classes");
    private static final String BINDINGS = "io.selectors4j.internal.";

    /// A type of C functions with the options of the link.
    ///
    /// @param firstVariadic the index of the first variadic parameter, or -1
    public record Shape(FunctionDescriptor type, boolean capturesState, int firstVariadic) {}

    /// The calls that are diverted, each to the static method of this class with the same name. Its first parameter is
    /// the receiver.
    private static final Set<String> DIVERTED = Set.of(
            "java/lang/foreign/Linker.downcallHandle",
            "java/lang/foreign/Linker$Option.captureCallState",
            "java/lang/foreign/Linker$Option.captureStateLayout",
            "java/lang/foreign/Linker$Option.firstVariadicArg",
            "java/lang/foreign/SymbolLookup.find",
            "java/lang/foreign/SymbolLookup.libraryLookup",
            "java/lang/Module.isNativeAccessEnabled",
            "java/lang/System.getProperty");

    private static final ClassDesc HERE = ClassDesc.of(LinkedShapes.class.getName());

    /// The recorder of the calling thread, while it initializes the bindings.
    private static final ThreadLocal<LinkedShapes> RECORDER = new ThreadLocal<>();

    private final Map<String, String> properties;
    private final Set<Shape> shapes = new LinkedHashSet<>();
    private final Map<Linker.Option, Integer> variadic = new HashMap<>();
    private final Set<Linker.Option> capturing = new LinkedHashSet<>();

    private LinkedShapes(String osName) {
        super(LinkedShapes.class.getClassLoader());
        properties = Map.of("os.name", osName, "os.arch", "x86_64");
    }

    /// Returns the shapes that the bindings in some packages link.
    ///
    /// @param osName the system, as in the property `os.name`
    /// @param packages the packages below `io.selectors4j.internal`
    public static Set<Shape> of(String osName, List<String> packages) throws IOException, ClassNotFoundException {
        LinkedShapes recorder = new LinkedShapes(osName);
        RECORDER.set(recorder);
        try {
            for (String name : packages) {
                for (String binding : classesOf(BINDINGS + name)) {
                    Class.forName(binding, true, recorder);
                }
            }
        } finally {
            RECORDER.remove();
        }
        return recorder.shapes;
    }

    private static List<String> classesOf(String name) throws IOException {
        try (Stream<Path> files = Files.list(CLASSES.resolve(name.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .map(file -> name + "." + file.substring(0, file.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Path file = CLASSES.resolve(name.replace('.', '/') + ".class");
        if (!name.startsWith("io.selectors4j.") || !Files.exists(file)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name, file) : loaded;
        }
    }

    private Class<?> define(String name, Path file) {
        ClassFile classFile = ClassFile.of();
        try {
            byte[] diverted = classFile.transformClass(
                    classFile.parse(Files.readAllBytes(file)), ClassTransform.transformingMethodBodies(diversion()));
            return defineClass(name, diverted, 0, diverted.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CodeTransform diversion() {
        return (code, element) -> {
            if (element instanceof InvokeInstruction call
                    && DIVERTED.contains(
                            call.owner().asInternalName() + "." + call.name().stringValue())) {
                MethodTypeDesc type = call.typeSymbol();
                boolean hasReceiver = call.opcode() != Opcode.INVOKESTATIC;
                code.invokestatic(
                        HERE, call.name().stringValue(), hasReceiver ? type.insertParameterTypes(0, CD_Object) : type);
            } else {
                code.with(element);
            }
        };
    }

    private static LinkedShapes recorder() {
        LinkedShapes recorder = RECORDER.get();
        if (recorder == null) {
            throw new IllegalStateException("not on the thread that records");
        }
        return recorder;
    }

    // The diverted calls:

    public static String getProperty(String name) {
        String value = recorder().properties.get(name);
        return value != null ? value : System.getProperty(name);
    }

    public static String getProperty(String name, String fallback) {
        String value = getProperty(name);
        return value != null ? value : fallback;
    }

    public static boolean isNativeAccessEnabled(Object module) {
        return module instanceof Module;
    }

    public static SymbolLookup libraryLookup(String name, Arena arena) {
        return symbol -> Optional.of(MemorySegment.ofAddress(1));
    }

    public static Optional<MemorySegment> find(Object lookup, String name) {
        return Optional.of(MemorySegment.ofAddress(1));
    }

    public static Linker.Option captureCallState(String... states) {
        Linker.Option option = Linker.Option.captureCallState("errno"); // other systems have other names
        recorder().capturing.add(option);
        return option;
    }

    public static StructLayout captureStateLayout() {
        return MemoryLayout.structLayout(
                ValueLayout.JAVA_INT.withName("errno"), ValueLayout.JAVA_INT.withName("WSAGetLastError"));
    }

    public static Linker.Option firstVariadicArg(int index) {
        Linker.Option option = Linker.Option.firstVariadicArg(index);
        recorder().variadic.put(option, index);
        return option;
    }

    public static MethodHandle downcallHandle(
            Object linker, MemorySegment address, FunctionDescriptor type, Linker.Option... options) {
        LinkedShapes recorder = recorder();
        boolean captures = false;
        int firstVariadic = -1;
        for (Linker.Option option : options) {
            if (recorder.capturing.contains(option)) {
                captures = true;
            } else if (recorder.variadic.containsKey(option)) {
                firstVariadic = recorder.variadic.get(option);
            } else {
                throw new IllegalArgumentException("an option that the metadata lacks: " + option);
            }
        }
        recorder.shapes.add(new Shape(type, captures, firstVariadic));
        MethodType handle = type.toMethodType();
        return MethodHandles.empty(captures ? handle.insertParameterTypes(0, MemorySegment.class) : handle);
    }
}
