package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @Test
    void ipv4Address_isFormattedAsInPython() {
        assertThat(Text.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 55821)))
                .isEqualTo("('127.0.0.1', 55821)");
    }

    @ParameterizedTest
    @CsvSource({
        "::1, ::1",
        "::, ::",
        "1::, 1::",
        "2001:db8::1, 2001:db8::1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:0:5:6:7:8, 1:2:3:0:5:6:7:8",
        "fe80::10:0:0, fe80::10:0:0",
        "10:0:0:100::1, 10:0:0:100::1",
    })
    void ipv6Address_isFormattedAsInPython(String address, String shortened) {
        assertThat(Text.of(new InetSocketAddress(InetAddress.ofLiteral(address), 7)))
                .isEqualTo("('" + shortened + "', 7, 0, 0)");
    }

    @Test
    void bytes_areFormattedOnOneLine() {
        ByteBuffer bytes = ISO_8859_1.encode("a \"b\" \\ \n\r\t\0\u007f\u00e9~");
        assertThat(Text.of(bytes)).isEqualTo("\"a \\\"b\\\" \\\\ \\n\\r\\t\\x00\\x7f\\xe9~\"");
        assertThat(bytes.position()).isZero();
    }
}
