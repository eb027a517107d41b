import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Prints a file of sysfs or procfs, and prints it again when the kernel reports a change: Attribute FILE
void main(String[] args) throws IOException {
    try (Selector<String> selector = Selector.open();
            FileFd attribute = FileFd.open(Path.of(args[0]), FileFd.O_RDONLY)) {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        IO.println(value(attribute, buffer)); // some files report a change only after they were read
        selector.register(attribute, Interest.PRIORITY, "attribute");
        while (true) {
            selector.select();
            IO.println("changed");
            IO.println(value(attribute, buffer));
        }
    }
}

/// Reads from the beginning of the file, whatever was read before.
String value(FileFd attribute, ByteBuffer buffer) throws IOException {
    buffer.clear();
    while (attribute.read(buffer, buffer.position()) > 0) {
        // until the end of the file, or until the buffer is full
    }
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString().strip();
}
