import io.selectors4j.*;

final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

/// Runs tasks of other threads on the selecting thread.
void main() throws IOException, InterruptedException {
    try (Selector<Runnable> selector = Selector.open()) {
        Thread other = Thread.ofVirtual().start(() -> {
            for (int i = 1; i <= 3; i++) {
                String text = "task " + i;
                execute(
                        selector,
                        () -> IO.println(
                                text + " on " + Thread.currentThread().getName()));
            }
        });
        for (int done = 0; done < 3; ) {
            selector.select((key, _) -> key.data().run());
            for (Runnable task; (task = tasks.poll()) != null; done++) {
                task.run();
            }
        }
        other.join();
    }
}

void execute(Selector<Runnable> selector, Runnable task) {
    tasks.add(task);
    selector.wakeup(); // after the task is in the queue
}
