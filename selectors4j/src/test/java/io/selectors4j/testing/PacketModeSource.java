package io.selectors4j.testing;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Termios;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The master of a terminal in packet mode, which reports changes of flow control.
final class PacketModeSource implements ReadySource {

    private final PtyFd.Pair pty = PtyFd.open();

    PacketModeSource() throws IOException {
        // A new terminal has IXON set, which packet mode reports as flow control.
        Termios.of(pty.terminal()).withSoftwareFlowControl(false).apply(pty.terminal(), Termios.When.NOW);
        pty.master().setPacketMode(true);
    }

    @Override
    public Pollable pollable() {
        return pty.master();
    }

    @Override
    public Interest interest() {
        return Interest.PRIORITY;
    }

    @Override
    public void fire() throws IOException {
        Termios settings = Termios.of(pty.terminal());
        settings.withSoftwareFlowControl(!settings.hasSoftwareFlowControl()).apply(pty.terminal(), Termios.When.NOW);
    }

    @Override
    public void consume() throws IOException {
        pty.master().read(ByteBuffer.allocate(1));
    }

    @Override
    public void close() throws IOException {
        pty.close();
    }
}
