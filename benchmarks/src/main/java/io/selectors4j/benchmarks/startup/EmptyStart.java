package io.selectors4j.benchmarks.startup;

/// A program that does nothing: what any start of a virtual machine costs.
final class EmptyStart {

    private EmptyStart() {}

    public static void main(String[] args) {
        // nothing
    }
}
