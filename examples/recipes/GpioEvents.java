import io.selectors4j.*;
import io.selectors4j.fd.*;

// linux/gpio.h, the same on every architecture but powerpc, whose GET_LINE has another number
static final long GET_LINE = 0xC250B407L; // GPIO_V2_GET_LINE_IOCTL
static final int REQUEST_SIZE = 592; // sizeof(struct gpio_v2_line_request)
static final int CONSUMER = 256; // offsetof(struct gpio_v2_line_request, consumer)
static final int FLAGS = 288; // offsetof(struct gpio_v2_line_request, config.flags)
static final int NUM_LINES = 560; // offsetof(struct gpio_v2_line_request, num_lines)
static final int FD = 588; // offsetof(struct gpio_v2_line_request, fd)
static final int INPUT = 1 << 2; // GPIO_V2_LINE_FLAG_INPUT
static final int RISING_EDGES = 1 << 4; // GPIO_V2_LINE_FLAG_EDGE_RISING
static final int FALLING_EDGES = 1 << 5; // GPIO_V2_LINE_FLAG_EDGE_FALLING
static final int EVENT_SIZE = 48; // sizeof(struct gpio_v2_line_event)
static final int TIME = 0; // offsetof(struct gpio_v2_line_event, timestamp_ns)
static final int ID = 8; // offsetof(struct gpio_v2_line_event, id)
static final int RISING = 1; // GPIO_V2_LINE_EVENT_RISING_EDGE

/// Prints the edges of a GPIO line: GpioEvents /dev/gpiochip0 LINE
void main(String[] args) throws IOException {
    try (Fd line = open(Path.of(args[0]), Integer.parseInt(args[1]));
            Selector<String> selector = Selector.open()) {
        selector.register(line, Interest.READ, "line");
        ByteBuffer events = ByteBuffer.allocate(16 * EVENT_SIZE).order(ByteOrder.nativeOrder());
        while (true) {
            selector.select();
            line.read(events.clear()); // whole events
            for (int at = 0; at < events.position(); at += EVENT_SIZE) {
                String edge = events.getInt(at + ID) == RISING ? "rising" : "falling";
                IO.println(events.getLong(at + TIME) + " ns: " + edge);
            }
        }
    }
}

/// Requests a line as an input with events. The kernel returns its descriptor in the struct.
Fd open(Path chip, int offset) throws IOException {
    ByteBuffer request = ByteBuffer.allocate(REQUEST_SIZE).order(ByteOrder.nativeOrder());
    request.putInt(0, offset)
            .putLong(FLAGS, INPUT | RISING_EDGES | FALLING_EDGES)
            .putInt(NUM_LINES, 1);
    request.put(CONSUMER, "GpioEvents".getBytes(StandardCharsets.US_ASCII));
    try (FileFd device = FileFd.open(chip, FileFd.O_RDWR)) {
        device.ioctl(GET_LINE, request.array());
    }
    return Fd.fromFd(request.getInt(FD));
}
