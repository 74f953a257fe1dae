package io.tulle.launch.process;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Takes signals from the JVM, which on its own would leave at the first of INT, TERM and HUP and be deaf to the second.
 * The class that does it has no supported name in Java, so that it is looked up; without it the JVM's own way stays.
 */
public final class Signals {
    private Signals() {}

    /**
     * Takes the three that ask a process to end.
     *
     * @param arrived for each signal, on a thread of the JVM's
     */
    public static boolean take(Runnable arrived) {
        return take(List.of("INT", "TERM", "HUP"), arrived);
    }

    /**
     * Takes some signals.
     *
     * @param names without their SIG
     * @param arrived for each signal, on a thread of the JVM's
     */
    public static boolean take(List<String> names, Runnable arrived) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() != Object.class) {
                            arrived.run();
                            return Signals.class; // ignored: handle(Signal) returns nothing
                        }
                        return switch (method.getName()) {
                            case "equals" -> isSame(proxy, arguments[0]);
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "Tulle's";
                        };
                    });
            for (var name : names) {
                var one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, ours);
            }
            return true;
        } catch (ReflectiveOperationException _) {
            return false;
        }
    }

    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
    private static boolean isSame(Object proxy, Object other) {
        return proxy == other;
    }
}
