package io.selectors4j.examples;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/// The arguments of parameterized tests.
final class Programs {

    private Programs() {}

    static Program named(String name) {
        return Program.named(name).orElseThrow();
    }

    static List<Program> servers() {
        return Program.ALL.stream()
                .filter(program -> program.isStopped() && program.takes(Program.Argument.ADDRESS))
                .toList();
    }

    /// Returns all programs that listen: the servers and the chat.
    static List<Program> listeners() {
        List<Program> listeners = new ArrayList<>(servers());
        listeners.add(named("chat"));
        return listeners;
    }

    static List<Program> echoServers() {
        return servers().stream()
                .filter(program -> program.name().contains("echo"))
                .toList();
    }

    /// Returns the echo servers that print each round of their loop.
    static List<Program> loopingEchoServers() {
        return echoServers().stream()
                .filter(program -> !program.name().equals("selectors_echo_server"))
                .toList();
    }

    /// Returns the names and loopback addresses that this host has.
    static List<String> hosts() throws SocketException {
        List<String> hosts = new ArrayList<>(List.of("localhost", "127.0.0.1"));
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(InetAddress::getHostAddress)
                .filter(address -> address.startsWith("0:0:0:0:0:0:0:1"))
                .limit(1)
                .forEach(_ -> hosts.add("::1"));
        return hosts;
    }
}
