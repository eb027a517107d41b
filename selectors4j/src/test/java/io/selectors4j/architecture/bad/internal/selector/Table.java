package io.selectors4j.architecture.bad.internal.selector;

import io.selectors4j.architecture.bad.internal.sys.KnowsSelectors;
import java.util.Comparator;

public class Table {

    public Comparator<KnowsSelectors> below() {
        return Comparator.comparingInt(Object::hashCode);
    }
}
