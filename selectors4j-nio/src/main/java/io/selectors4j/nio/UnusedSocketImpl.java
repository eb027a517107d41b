package io.selectors4j.nio;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.Set;

/// Satisfies the constructors of [java.net.Socket] and [java.net.ServerSocket]. The adaptors override every method that
/// would use it, so each method here fails.
final class UnusedSocketImpl extends SocketImpl {

    private static AssertionError failure() {
        return new AssertionError("the adaptor does not override a method");
    }

    @Override
    protected void create(boolean stream) {
        throw failure();
    }

    @Override
    protected void connect(String host, int port) {
        throw failure();
    }

    @Override
    protected void connect(InetAddress address, int port) {
        throw failure();
    }

    @Override
    protected void connect(SocketAddress address, int timeout) {
        throw failure();
    }

    @Override
    protected void bind(InetAddress host, int port) {
        throw failure();
    }

    @Override
    protected void listen(int backlog) {
        throw failure();
    }

    @Override
    protected void accept(SocketImpl accepted) {
        throw failure();
    }

    @Override
    protected InputStream getInputStream() {
        throw failure();
    }

    @Override
    protected OutputStream getOutputStream() {
        throw failure();
    }

    @Override
    protected int available() {
        throw failure();
    }

    @Override
    protected void close() {
        throw failure();
    }

    @Override
    protected void shutdownInput() {
        throw failure();
    }

    @Override
    protected void shutdownOutput() {
        throw failure();
    }

    @Override
    protected boolean supportsUrgentData() {
        throw failure();
    }

    @Override
    protected void sendUrgentData(int data) {
        throw failure();
    }

    @Override
    public void setOption(int option, Object value) {
        throw failure();
    }

    @Override
    public Object getOption(int option) {
        throw failure();
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) {
        throw failure();
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) {
        throw failure();
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        throw failure();
    }
}
