package io.selectors4j.testing;

import java.nio.channels.ClosedChannelException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A descriptor without bytes, whose readiness the test sets: it stands for a device or a descriptor of a native
/// library.
public final class ScriptedDescriptor extends SimulatedDescriptor {

    private final Script script;

    ScriptedDescriptor(Script script, int fd) {
        this.script = script;
        super(script, fd);
    }

    /// The conditions that hold.
    static final class Script extends OpenFile {

        private final Set<Condition> conditions = EnumSet.noneOf(Condition.class);

        Script(Kernel kernel) {
            super(kernel);
        }

        @Override
        int mask() {
            return conditions.stream().mapToInt(condition -> condition.mask).reduce(0, (one, other) -> one | other);
        }

        @Override
        void onLastClose() {
            conditions.clear();
        }

        @Override
        public String toString() {
            return "scripted " + conditions;
        }
    }

    /// Sets the conditions that hold from now on. Each call with a condition is an event for edge-triggered keys.
    ///
    /// @param conditions the conditions; none for a descriptor that is not ready
    /// @throws ClosedChannelException if this object is closed
    public void setReady(Condition... conditions) throws ClosedChannelException {
        try (var _ = kernel().acquire()) {
            requireOpen();
            script.conditions.clear();
            script.conditions.addAll(List.of(conditions));
            if (conditions.length > 0) {
                script.fire();
            }
        }
    }
}
