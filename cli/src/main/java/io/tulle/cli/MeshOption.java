package io.tulle.cli;

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

    public String name() {
        return mesh;
    }
}
