package io.selectors4j.stress.load;

/// Something has gone another way than it has to. It ends the process.
final class LoadFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LoadFailure(String message) {
        super(message);
    }
}
