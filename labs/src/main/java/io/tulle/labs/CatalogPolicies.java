package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.stage.Answer;
import io.tulle.labs.stage.Stage;
import java.util.List;

/** YAML that several labs share: catalog's two versions, and a way to ask each of them by itself. */
final class CatalogPolicies {
    /** Subsets of catalog by version. */
    static final String SUBSETS = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: catalog }
            spec:
              host: catalog
              subsets:
                - { name: v1, labels: { version: v1 } }
                - { name: v2, labels: { version: v2 } }
            """;

    /** Matches of a VirtualService by which {@link #of} reaches one version: {@code x-user: lab-v1}. */
    static final String BY_HEADER = """
                - match: [ { headers: { x-user: { exact: lab-v1 } } } ]
                  route: [ { destination: { host: catalog, subset: v1 } } ]
                - match: [ { headers: { x-user: { exact: lab-v2 } } } ]
                  route: [ { destination: { host: catalog, subset: v2 } } ]
            """;

    private CatalogPolicies() {}

    /** A VirtualService for catalog, with these http routes after those of {@link #BY_HEADER}; and the subsets. */
    static String routes(String http) {
        return SUBSETS + """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: catalog }
            spec:
              hosts: [ catalog ]
              http:
            """ + BY_HEADER + http.indent(4);
    }

    /** Before a load: web and catalog as they are when they have been up for a while. */
    static void warm(Stage stage) {
        stage.traffic().warm(List.of(Ask.get("/api/products"), Ask.get("/api/catalog/status/200")));
    }

    /** How often requests by this name, such as {@code GET /products}, have arrived at the application of a version. */
    static long arrived(Stage stage, String version, String request) {
        return of(stage, version, "/stats").count("counts", request, "requests");
    }

    /** Asks one version. */
    static Answer of(Stage stage, String version, String path) {
        return stage.web().ask("/api/catalog" + path, "x-user", "lab-" + version);
    }
}
