package io.selectors4j.nio;

import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;

/// The implementation that the constructor of [java.net.DatagramSocket] requires. It opens no socket, and no method is
/// called: [DatagramSocketAdaptor] overrides the methods that would.
final class UnusedDatagramSocketImpl extends DatagramSocketImpl {

    private static AssertionError failure() {
        return new AssertionError("the adaptor does not override a method");
    }

    @Override
    protected void create() {
        throw failure();
    }

    @Override
    protected void bind(int port, InetAddress host) {
        throw failure();
    }

    @Override
    protected void send(DatagramPacket packet) {
        throw failure();
    }

    @Override
    protected int peek(InetAddress address) {
        throw failure();
    }

    @Override
    protected int peekData(DatagramPacket packet) {
        throw failure();
    }

    @Override
    protected void receive(DatagramPacket packet) {
        throw failure();
    }

    @Override
    @Deprecated
    protected void setTTL(byte ttl) {
        throw failure();
    }

    @Override
    @Deprecated
    protected byte getTTL() {
        throw failure();
    }

    @Override
    protected void setTimeToLive(int ttl) {
        throw failure();
    }

    @Override
    protected int getTimeToLive() {
        throw failure();
    }

    @Override
    protected void join(InetAddress group) {
        throw failure();
    }

    @Override
    protected void leave(InetAddress group) {
        throw failure();
    }

    @Override
    protected void joinGroup(SocketAddress group, NetworkInterface networkInterface) {
        throw failure();
    }

    @Override
    protected void leaveGroup(SocketAddress group, NetworkInterface networkInterface) {
        throw failure();
    }

    @Override
    protected void close() {
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
}
