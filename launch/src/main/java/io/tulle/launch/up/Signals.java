package io.tulle.launch.up;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Takes INT, TERM and HUP from the JVM, which on its own would leave at the first and be deaf to the second. The class
 * that does it has no supported name in Java, so that it is looked up; without it the JVM's own way stays.
 */
public final class Signals {
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /** @param arrived for each signal, on a thread of the JVM's */
    public static boolean take(Runnable arrived) {
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
            for (var name : NAMES) {
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
