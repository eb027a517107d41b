package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.testing.Link;
import io.selectors4j.testing.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Any sequence of calls leaves the selector with what a simple model says.
class DifferentialContractTest extends ContractTest {

    private static final int SOCKETS = 12;
    private static final int STEPS = 3_000;
    private static final List<Interest> INTERESTS = List.of(
            Interest.NONE,
            Interest.READ,
            Interest.WRITE,
            Interest.READ_WRITE,
            Interest.READ.or(Interest.PRIORITY),
            Interest.READ_WRITE.or(Interest.PRIORITY));

    DifferentialContractTest(Subject backend) {
        super(backend);
    }

    /// One socket and what is known of it.
    private static final class Model {

        final Link link;
        Interest interest = Interest.NONE;
        int data;
        boolean registered;
        int pending;
        boolean ended;

        Model(Link link) {
            this.link = link;
        }

        Interest ready() {
            boolean readable = pending > 0 || ended;
            return interest.without(Interest.PRIORITY).without(readable ? Interest.NONE : Interest.READ);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everySequenceOfCallsGivesWhatTheModelSays(long seed) throws IOException {
        Random random = new Random(seed);
        Selector<Integer> selector = open();
        List<Model> models = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            models.add(new Model(Link.Kind.SOCKET_PAIR.open()));
        }
        for (int step = 0; step < STEPS; step++) {
            int index = random.nextInt(SOCKETS);
            Model changed = step(selector, models.get(index), random, step);
            models.set(index, changed);
            compare(selector, models, step);
        }
        for (Model model : models) {
            model.link.close();
        }
        assertThat(selector.getMap()).isEmpty();
    }

    private static Model step(Selector<Integer> selector, Model model, Random random, int step) throws IOException {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> change(selector, model, INTERESTS.get(random.nextInt(INTERESTS.size())), step);
            case 3 -> {
                if (model.registered) {
                    assertThat(selector.unregister(model.link.reader()).data()).isEqualTo(model.data);
                    model.registered = false;
                    model.interest = Interest.NONE;
                }
            }
            case 4, 5 -> {
                if (!model.ended) {
                    model.link.write(1);
                    model.pending++;
                }
            }
            case 6 -> {
                int count = Math.max(model.link.drain(), 0);
                assertThat(count).isEqualTo(model.pending);
                model.pending = 0;
            }
            default -> {
                if (!model.ended) {
                    model.link.writer().close();
                    model.ended = true;
                } else {
                    model.link.close();
                    return new Model(Link.Kind.SOCKET_PAIR.open());
                }
            }
        }
        return model;
    }

    private static void change(Selector<Integer> selector, Model model, Interest interest, int step)
            throws IOException {
        if (model.registered) {
            selector.modify(model.link.reader(), interest, step);
        } else if (interest.isEmpty()) {
            return;
        } else {
            selector.register(model.link.reader(), interest, step);
        }
        model.registered = true;
        model.interest = interest;
        model.data = step;
    }

    private static void compare(Selector<Integer> selector, List<Model> models, int step) throws IOException {
        Map<Pollable, Interest> expected = new HashMap<>();
        Map<Pollable, Integer> data = new HashMap<>();
        for (Model model : models) {
            if (model.registered) {
                data.put(model.link.reader(), model.data);
            }
            if (!model.ready().isEmpty()) {
                expected.put(model.link.reader(), model.ready());
            }
        }
        Map<Pollable, Interest> actual = new HashMap<>();
        for (ReadyKey<Integer> ready : selector.selectNow()) {
            actual.put(ready.key().fileobj(), ready.readiness().events());
            assertThat(ready.key().data()).isEqualTo(data.get(ready.key().fileobj()));
        }
        assertThat(actual).as("ready after step %s", step).isEqualTo(expected);
        assertThat(selector.getMap().keySet()).as("keys after step %s", step).isEqualTo(data.keySet());
    }
}
