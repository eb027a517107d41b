package io.selectors4j.benchmarks.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.selectors4j.benchmarks.load.LoadedServer;
import java.net.InetSocketAddress;

/// The server with Netty, with its native epoll or io_uring transport, its defaults and its own buffers.
final class NettyServer implements EchoServer {

    private final Channel listener;

    private NettyServer(IoHandlerFactory io, Class<? extends ServerChannel> type) throws InterruptedException {
        listener = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("echo", true), io))
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(Echo.INSTANCE);
                    }
                })
                .bind(LoadedServer.address(0))
                .sync()
                .channel();
    }

    static NettyServer epoll() throws InterruptedException {
        return new NettyServer(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
    }

    static NettyServer ioUring() throws InterruptedException {
        return new NettyServer(IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
    }

    @Override
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void run() throws InterruptedException {
        listener.closeFuture().sync();
    }

    @Sharable
    @SuppressWarnings("FutureReturnValueIgnored") // exceptionCaught receives failures
    private static final class Echo extends ChannelInboundHandlerAdapter {

        static final Echo INSTANCE = new Echo();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // the connection is lost; the server goes on
        }
    }
}
