package io.selectors4j.stress.fuzz;

import io.selectors4j.fd.ControlMessage;
import io.selectors4j.fd.PeerCredentials;
import io.selectors4j.stress.fuzz.ObjectFactory.Entry;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/// Creates control messages of each kind.
final class ControlMessages {

    static final List<Entry> ENTRIES = List.of(
            new Entry(
                    ControlMessage.Descriptors.class,
                    pool -> new ControlMessage.Descriptors(
                            List.of(ObjectFactory.socketPair(pool).first()))),
            new Entry(
                    ControlMessage.Credentials.class,
                    pool -> new ControlMessage.Credentials(
                            new PeerCredentials(pool.input().number(), 0, 0))),
            new Entry(ControlMessage.Timestamp.class, _ -> new ControlMessage.Timestamp(Instant.EPOCH)),
            new Entry(
                    ControlMessage.PacketInfo.class,
                    pool -> new ControlMessage.PacketInfo(
                            InetAddress.ofLiteral(pool.input().choose("127.0.0.1", "::1")),
                            pool.input().small() % 2,
                            null)),
            new Entry(
                    ControlMessage.TimeToLive.class,
                    pool -> new ControlMessage.TimeToLive(pool.input().small())),
            new Entry(
                    ControlMessage.TypeOfService.class,
                    pool -> new ControlMessage.TypeOfService(pool.input().small())),
            new Entry(
                    ControlMessage.SegmentSize.class,
                    pool -> new ControlMessage.SegmentSize(1 + pool.input().small())),
            new Entry(
                    ControlMessage.ExtendedError.class,
                    pool -> new ControlMessage.ExtendedError(pool.input().number(), 1, 2, 3, 4, 5, null)),
            new Entry(
                    ControlMessage.Raw.class,
                    pool -> ControlMessage.Raw.of(
                            pool.input().choose(0, 1, 41),
                            pool.input().small(),
                            pool.input().take(pool.input().small()))));

    private ControlMessages() {}
}
