package io.selectors4j.nio.it;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

/// The outcomes of all runs on both providers.
final class Comparison {

    /// The outcomes of the checks, by provider and name, in the order of the runs.
    private final Map<Provider, Map<String, List<Outcome>>> outcomes = new EnumMap<>(Provider.class);

    /// The outcomes of whole runs.
    private final Map<Provider, List<Outcome>> all = new EnumMap<>(Provider.class);

    private String workload = "";

    Comparison() {
        for (Provider provider : Provider.values()) {
            outcomes.put(provider, new LinkedHashMap<>());
            all.put(provider, new ArrayList<>());
        }
    }

    /// Adds the results of a whole run.
    void add(Provider provider, Results results) {
        if (!results.workload().isEmpty()) {
            workload = results.workload();
        }
        all(provider).addAll(results.outcomes().values());
        results.outcomes().forEach((name, outcome) -> of(provider, name).add(outcome));
    }

    /// Adds the results of a run of some checks. A check without an outcome has failed.
    void addRepeated(Provider provider, Results results, Collection<String> names) {
        for (String name : names) {
            of(provider, name).add(results.outcomes().getOrDefault(name, Outcome.FAILED));
        }
    }

    private List<Outcome> all(Provider provider) {
        return Objects.requireNonNull(all.get(provider));
    }

    private List<Outcome> of(Provider provider, String name) {
        return Objects.requireNonNull(outcomes.get(provider)).computeIfAbsent(name, _ -> new ArrayList<>());
    }

    /// Returns the description of the workload.
    String workload() {
        return workload;
    }

    /// Returns the checks that failed on selectors4j and never on the JDK's provider. A check that never passed on the
    /// JDK's provider is included, because it proves nothing.
    List<String> faults() {
        Set<String> names = new LinkedHashSet<>();
        outcomes.values().forEach(byName -> names.addAll(byName.keySet()));
        return names.stream()
                .filter(name -> isFault(of(Provider.JDK, name), of(Provider.SELECTORS4J, name)))
                .toList();
    }

    /// Returns the faults that another run may clear up: those of checks that passed on the JDK's provider.
    List<String> suspects() {
        return faults().stream()
                .filter(name -> of(Provider.JDK, name).contains(Outcome.PASSED))
                .toList();
    }

    private static boolean isFault(List<Outcome> jdk, List<Outcome> ours) {
        if (jdk.contains(Outcome.FAILED)) {
            return !jdk.contains(Outcome.PASSED);
        }
        return ours.contains(Outcome.FAILED) || (jdk.contains(Outcome.PASSED) && !ours.contains(Outcome.PASSED));
    }

    /// Returns a line for each check that failed on either provider, with the number of runs that passed on both.
    List<String> rates() {
        Map<String, String> rates = new LinkedHashMap<>();
        for (Provider provider : Provider.values()) {
            Objects.requireNonNull(outcomes.get(provider)).forEach((name, list) -> {
                if (list.contains(Outcome.FAILED)) {
                    rates.put(
                            name,
                            name + ": passed " + rate(Provider.JDK, name) + " on the JDK's provider, "
                                    + rate(Provider.SELECTORS4J, name) + " on that of selectors4j");
                }
            });
        }
        return List.copyOf(rates.values());
    }

    private String rate(Provider provider, String name) {
        List<Outcome> list = of(provider, name);
        return list.stream().filter(Outcome.PASSED::equals).count() + " of " + list.size();
    }

    /// Returns how many checks passed, failed and were skipped in all whole runs on a provider.
    String summary(Provider provider) {
        return count(all(provider));
    }

    /// Returns how many outcomes of each kind a collection contains.
    static String count(Collection<Outcome> list) {
        StringJoiner joiner = new StringJoiner(", ");
        for (Outcome outcome : Outcome.values()) {
            long count = list.stream().filter(outcome::equals).count();
            if (count > 0 || outcome == Outcome.PASSED) {
                joiner.add(count + " " + outcome.name().toLowerCase(Locale.ROOT));
            }
        }
        return joiner.toString();
    }
}
