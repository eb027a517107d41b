void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 7000;
    try (Selector selector = Selector.open();
            ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress("localhost", port));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        IO.println("listening on " + server.getLocalAddress());
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (true) {
            selector.select();
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                SelectionKey key = keys.next();
                keys.remove();
                if (key.isAcceptable()) {
                    SocketChannel client = server.accept();
                    if (client != null) {
                        client.configureBlocking(false);
                        client.register(selector, SelectionKey.OP_READ);
                    }
                } else if (key.channel() instanceof SocketChannel client) {
                    if (client.read(buffer.clear()) < 0) {
                        client.close();
                    } else {
                        client.write(buffer.flip());
                    }
                }
            }
        }
    }
}
