package io.selectors4j.nio.it;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/// Bodies of requests and responses, and their digests.
public final class RandomBytes {

    private RandomBytes() {}

    /// Returns random bytes, the same for each seed.
    ///
    /// @param seed the seed
    /// @param length the number of bytes
    /// @return the bytes
    public static byte[] of(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// Returns the SHA-256 digest of bytes.
    ///
    /// @param bytes the bytes
    /// @return the digest in hexadecimal digits
    public static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /// Returns the SHA-256 digest of all bytes of a stream, which is read in small parts.
    ///
    /// @param in the stream
    /// @return the digest in hexadecimal digits
    /// @throws IOException if the stream cannot be read
    public static String digest(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] part = new byte[3000];
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            digest.update(part, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
