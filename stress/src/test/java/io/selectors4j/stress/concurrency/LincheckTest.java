package io.selectors4j.stress.concurrency;

import io.selectors4j.stress.Tally;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

class LincheckTest {

    private static final Tally TALLY = new Tally("lincheck");

    @Test
    void live() {
        new ModelCheckingOptions()
                .sequentialSpecification(SelectorSpecification.class)
                .loopBound(1000)
                .loopIterationsBeforeThreadSwitch(100)
                .threads(2)
                .actorsPerThread(3)
                .iterations(20)
                .invocationsPerIteration(300)
                .check(SelectorOperations.Live.class);
    }

    @Test
    void copying() {
        new ModelCheckingOptions()
                .sequentialSpecification(SelectorSpecification.class)
                .loopBound(1000)
                .loopIterationsBeforeThreadSwitch(100)
                .threads(2)
                .actorsPerThread(3)
                .iterations(20)
                .invocationsPerIteration(300)
                .check(SelectorOperations.Copying.class);
    }

    @Test
    void stressed() {
        new StressOptions()
                .sequentialSpecification(SelectorSpecification.class)
                .threads(2)
                .actorsPerThread(3)
                .iterations(20)
                .invocationsPerIteration(300)
                .check(SelectorOperations.Copying.class);
    }
}
