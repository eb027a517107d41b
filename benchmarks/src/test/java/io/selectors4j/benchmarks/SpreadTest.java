package io.selectors4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void oneValue_isItsOwnSpread() {
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
    }

    @Test
    void quartiles_areIndependentOfOrder() {
        assertThat(Spread.of(List.of(5.0, 1.0, 4.0, 2.0, 3.0))).isEqualTo(new Spread(2, 3, 4));
    }

    @Test
    void twoValues_areInterpolated() {
        assertThat(Spread.of(List.of(1.0, 2.0))).isEqualTo(new Spread(1.25, 1.5, 1.75));
    }

    @Test
    void outlier_doesNotMoveMedian() {
        assertThat(Spread.of(List.of(1.0, 1.0, 1.0, 1.0, 1000.0)).median()).isEqualTo(1);
    }

    @Test
    void mean_isGeometric() {
        Spread mean = Spread.mean(List.of(new Spread(1, 2, 3), new Spread(1, 8, 27)));
        assertThat(mean.low()).isCloseTo(1, within(1e-9));
        assertThat(mean.median()).isCloseTo(4, within(1e-9));
        assertThat(mean.high()).isCloseTo(9, within(1e-9));
    }

    @Test
    void noValues_throws() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
