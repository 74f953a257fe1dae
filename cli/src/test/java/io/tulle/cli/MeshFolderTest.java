package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MeshFolderTest {
    @Test
    void homeIsWhatTheEnvironmentSays() {
        assertEquals(Path.of("/tmp/me/.tulle"), MeshFolder.home(Map.of("HOME", "/tmp/me")));
        assertEquals(Path.of("/srv/tulle"), MeshFolder.home(Map.of("HOME", "/tmp/me", "TULLE_HOME", "/srv/tulle")));
        assertEquals(Path.of(System.getProperty("user.home"), ".tulle"), MeshFolder.home(Map.of("TULLE_HOME", "")));
    }
}
