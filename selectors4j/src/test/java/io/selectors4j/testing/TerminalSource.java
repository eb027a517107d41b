package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.tty.PtyFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A terminal that receives lines from its master.
final class TerminalSource implements ReadySource {

    private final PtyFd.Pair pty = PtyFd.open();

    TerminalSource() throws IOException {
        pty.terminal().setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return pty.terminal();
    }

    @Override
    public void fire() throws IOException {
        pty.master().write(ByteBuffer.wrap("line\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void consume() throws IOException {
        ConnectedPair.drain(pty.terminal());
    }

    @Override
    public void close() throws IOException {
        pty.close();
    }
}
