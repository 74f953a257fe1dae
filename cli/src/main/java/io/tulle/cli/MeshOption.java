package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.control.ControlPlaneSettings;
import picocli.CommandLine.Option;

/** Which mesh is meant, for every verb that means one. */
public final class MeshOption {
    @Option(
            names = "--mesh",
            paramLabel = "NAME",
            description = "the mesh (default: ${DEFAULT-VALUE}); its files are in ~/.tulle/NAME",
            defaultValue = "${env:TULLE_MESH:-" + MeshFolder.DEFAULT_MESH + "}")
    private String mesh = MeshFolder.DEFAULT_MESH;

    public MeshFolder folder() {
        return MeshFolder.of(mesh);
    }

    /** Its control plane's API on this host, by the Unix socket; whether anybody answers shows at the first call. */
    Mesh api() {
        return new Mesh(folder().run().resolve(ControlPlaneSettings.API_SOCKET));
    }

    public String name() {
        return mesh;
    }
}
