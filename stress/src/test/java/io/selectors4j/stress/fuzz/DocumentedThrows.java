package io.selectors4j.stress.fuzz;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// The exceptions that the doc comments of the public classes document for each method.
final class DocumentedThrows {

    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", "."), "..", "selectors4j", "src", "main", "java");

    /// The names of exceptions by class, method and parameter types.
    private final Map<String, Set<String>> thrown = new HashMap<>();

    /// The names of all classes.
    private final Set<String> classes = new TreeSet<>();

    DocumentedThrows(List<String> packages) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : packages) {
            try (Stream<Path> all = Files.list(SOURCES.resolve(name.replace('.', '/')))) {
                all.filter(path -> path.toString().endsWith(".java")).sorted().forEach(files::add);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            Scanner scanner = new Scanner(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
        }
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

    /// Scans the sources.
    private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final DocTrees trees;
        private final Deque<ClassTree> enclosing = new ArrayDeque<>();
        private final Deque<String> names = new ArrayDeque<>();

        Scanner(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            if (type.getSimpleName().isEmpty()) {
                return null;
            }
            String outer =
                    names.isEmpty() ? getCurrentPath().getCompilationUnit().getPackageName() + "." : names.peek() + "$";
            names.push(outer + type.getSimpleName());
            enclosing.push(type);
            classes.add(names.peek());
            super.visitClass(type, null);
            enclosing.pop();
            names.pop();
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                Set<String> exceptions = new HashSet<>();
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ThrowsTree one) {
                        exceptions.add(one.getExceptionName().getSignature());
                    }
                }
                thrown.put(names.peek() + "#" + signature(method), exceptions);
            }
            return null; // method bodies are skipped
        }

        private String signature(MethodTree method) {
            ClassTree type = enclosing.element();
            List<? extends VariableTree> parameters = method.getParameters();
            boolean compact = type.getKind() == Tree.Kind.RECORD
                    && method.getName().contentEquals("<init>")
                    && parameters.isEmpty();
            if (compact) {
                parameters = type.getMembers().stream()
                        .filter(VariableTree.class::isInstance)
                        .map(VariableTree.class::cast)
                        .filter(field ->
                                !field.getModifiers().getFlags().contains(javax.lang.model.element.Modifier.STATIC))
                        .toList();
            }
            Map<String, String> variables = new HashMap<>();
            Stream.concat(type.getTypeParameters().stream(), method.getTypeParameters().stream())
                    .forEach(variable -> variables.put(variable.getName().toString(), bound(variable)));
            return method.getName()
                    + parameters.stream()
                            .map(parameter -> erased(parameter.getType(), variables))
                            .collect(Collectors.joining(",", "(", ")"));
        }

        private static String bound(TypeParameterTree variable) {
            return variable.getBounds().isEmpty()
                    ? "Object"
                    : erased(variable.getBounds().getFirst(), Map.of());
        }

        private static String erased(Tree type, Map<String, String> variables) {
            return switch (type) {
                case AnnotatedTypeTree annotated -> erased(annotated.getUnderlyingType(), variables);
                case ParameterizedTypeTree generic -> erased(generic.getType(), variables);
                case ArrayTypeTree array -> erased(array.getType(), variables) + "[]";
                case MemberSelectTree member -> member.getIdentifier().toString();
                default -> variables.getOrDefault(type.toString(), type.toString());
            };
        }
    }
}
