package io.selectors4j.benchmarks.startup;

/// A program that does nothing: the cost of any start of a virtual machine.
final class EmptyStart {

    private EmptyStart() {}

    public static void main(String[] args) {
        // nothing
    }
}
