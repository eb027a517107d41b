package io.selectors4j.stress.load;

/// A wrong observation of a client. It ends the process.
final class LoadFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LoadFailure(String message) {
        super(message);
    }
}
