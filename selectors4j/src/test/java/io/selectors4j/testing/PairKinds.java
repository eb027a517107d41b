package io.selectors4j.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// The kinds of connected pairs that this system has, as arguments of a parameterized test.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(PairKinds.Provider.class)
public @interface PairKinds {

    /// The kinds to take; all without any.
    ConnectedPair.Kind[] value() default {};

    /// The kinds to leave out.
    ConnectedPair.Kind[] except() default {};

    /// Provides the arguments.
    final class Provider extends AnnotationBasedArgumentsProvider<PairKinds> {

        @Override
        protected Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context, PairKinds kinds) {
            List<ConnectedPair.Kind> except = List.of(kinds.except());
            return Arrays.stream(kinds.value().length == 0 ? ConnectedPair.Kind.values() : kinds.value())
                    .filter(kind -> kind.isAvailable() && !except.contains(kind))
                    .map(Arguments::of);
        }
    }
}
