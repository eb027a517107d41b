package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.TopSelector;

class KnowsDescriptors {

    Class<?> above() {
        return TopSelector.class;
    }
}
