package io.tulle.testkit;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Registered by itself where a room's junit-platform.properties turns auto-detection on: Netty makes its leak detectors once a JVM, so ours must be
 * known before the first test class runs. Only classes with {@link NoLeaks} fail by what is found.
 */
public final class LeakWatch implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        NoLeaks.watch();
    }
}
