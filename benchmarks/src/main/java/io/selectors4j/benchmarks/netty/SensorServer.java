package io.selectors4j.benchmarks.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.*;
import io.netty.channel.nio.*;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.*;
import io.selectors4j.fd.Fd;
import io.selectors4j.nio.FdChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// A sensor on a serial port and an HTTP server in one event loop of Netty, with the JDK's selector. A response is the
/// last reading of the sensor. Needs `--add-exports java.base/sun.nio.ch=ALL-UNNAMED`.
@SuppressWarnings({"try", "FutureReturnValueIgnored"}) // Netty closes the sensor, and a failed response its connection
final class SensorServer implements AutoCloseable {

    private final IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    final Channel listener;
    private String reading = ""; // belongs to the thread of the event loop

    SensorServer(Fd serialPort) throws IOException, InterruptedException {
        FdChannel sensor = FdChannel.openForJdkSelector(serialPort);
        sensor.configureBlocking(false);
        group.next().register(new Sensor(sensor)).sync().getNow().submit(NioIoOps.READ);
        listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new HttpServerCodec(), new Responder());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    private final class Sensor extends NioSelectableChannelIoHandle<FdChannel> {
        Sensor(FdChannel channel) {
            super(channel);
        }

        @Override
        protected void handle(FdChannel channel, SelectionKey key) {
            try {
                ByteBuffer line = ByteBuffer.allocate(1024);
                if (channel.read(line) < 0) {
                    channel.close(); // the device is gone
                } else {
                    reading = StandardCharsets.UTF_8.decode(line.flip()).toString();
                }
            } catch (IOException e) {
                key.cancel();
            }
        }
    }

    private final class Responder extends SimpleChannelInboundHandler<HttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
            var body = Unpooled.copiedBuffer(reading, StandardCharsets.UTF_8);
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            HttpUtil.setContentLength(response, body.readableBytes());
            context.writeAndFlush(response, context.voidPromise());
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
