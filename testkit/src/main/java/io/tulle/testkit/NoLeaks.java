package io.tulle.testkit;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which Netty saw a buffer collected that nobody released. Reports come when a later buffer is
 * allocated after the garbage collector ran, so a few are made at the end.
 */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Recording());
    }

    /** Makes sure that detectors made from here on are ours. */
    static void watch() {
        // the static block has run
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        LEAKS.clear();
    }

    /** What was collected unreleased so far, with where each buffer had been. */
    public static List<String> found() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Recording.ALL.forEach(RecordingDetector::look);
        }
        return List.copyOf(LEAKS);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!found().isEmpty()) throw new AssertionError(LEAKS.size() + " leaks, the first: " + LEAKS.getFirst());
    }

    private static final class Recording extends ResourceLeakDetectorFactory {
        private static final List<RecordingDetector<?>> ALL = new CopyOnWriteArrayList<>();

        @Override
        @SuppressWarnings("deprecation") // the abstract method of the factory is itself deprecated
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long active) {
            return newResourceLeakDetector(type, interval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval) {
            var detector = new RecordingDetector<T>(type, interval);
            ALL.add(detector);
            return detector;
        }
    }

    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
        RecordingDetector(Class<?> type, int interval) {
            super(type, interval);
        }

        /** Makes the detector go through its queue of collected buffers. */
        @SuppressWarnings("unchecked") // the detector never looks into what it tracks
        void look() {
            var probe = (T) new Object();
            var tracked = track(probe);
            if (tracked != null) tracked.close(probe);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            LEAKS.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            LEAKS.add(type);
        }
    }
}
