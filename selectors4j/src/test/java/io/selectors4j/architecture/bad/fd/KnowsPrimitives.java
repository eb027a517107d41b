package io.selectors4j.architecture.bad.fd;

import io.selectors4j.architecture.bad.os.ReturnsInternal;

class KnowsPrimitives {

    Object beside() {
        return new ReturnsInternal();
    }
}
