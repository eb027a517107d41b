package io.selectors4j.examples;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Formats addresses and bytes as Python prints them.
final class Text {

    private static final Pattern ZEROS = Pattern.compile("(^|:)0(:0)+(:|$)");

    private Text() {}

    /// Formats an address: `('127.0.0.1', 55821)`, or for IPv6 `('::1', 55821, 0, 0)`, with flow information and scope.
    static String of(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet
            when inet.getAddress() instanceof Inet6Address host ->
                "('" + shorten(host) + "', " + inet.getPort() + ", 0, " + host.getScopeId() + ")";
            case InetSocketAddress inet -> "('" + inet.getAddress().getHostAddress() + "', " + inet.getPort() + ")";
            default -> address.toString();
        };
    }

    /// Shortens an address as RFC 5952 does: the longest run of zeros becomes `::`.
    private static String shorten(Inet6Address address) {
        String groups = address.getHostAddress().replaceFirst("%.*", "");
        return ZEROS.matcher(groups)
                .results()
                .max(Comparator.comparingInt((MatchResult run) -> run.group().length()))
                .map(run -> groups.substring(0, run.start()) + "::" + groups.substring(run.end()))
                .orElse(groups);
    }

    /// Formats bytes in double quotes, with bytes outside printable ASCII as `\n` or `\xff`. Does not change the
    /// buffer.
    static String of(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder(bytes.remaining() + 2).append('"');
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            int b = Byte.toUnsignedInt(bytes.get(i));
            switch (b) {
                case '"', '\\' -> text.append('\\').append((char) b);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (b < ' ' || b > '~') {
                        text.append("\\x")
                                .append(Character.forDigit(b >> 4, 16))
                                .append(Character.forDigit(b & 15, 16));
                    } else {
                        text.append((char) b);
                    }
                }
            }
        }
        return text.append('"').toString();
    }
}
