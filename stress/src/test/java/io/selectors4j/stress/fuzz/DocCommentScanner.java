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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Scans the doc comments of the library's sources.
final class DocCommentScanner extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", "."), "..", "selectors4j", "src", "main", "java");

    /// The names of exceptions by class, method and parameter types.
    private final Map<String, Set<String>> thrown = new TreeMap<>();

    /// The names of all classes.
    private final Set<String> classes = new TreeSet<>();

    private final DocTrees trees;
    private final Deque<ClassTree> enclosing = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();

    private DocCommentScanner(DocTrees trees) {
        this.trees = trees;
    }

    /// Reads the sources of some packages.
    static DocumentedThrows scan(List<String> packages) throws IOException {
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
            DocCommentScanner scanner = new DocCommentScanner(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
            return new DocumentedThrows(scanner.classes, scanner.thrown);
        }
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
        boolean compact =
                type.getKind() == Tree.Kind.RECORD && method.getName().contentEquals("<init>") && parameters.isEmpty();
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
