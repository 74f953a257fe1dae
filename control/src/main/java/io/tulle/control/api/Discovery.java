package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import java.util.List;

/** What there is, in the documents that {@code kubectl api-resources} and every client start from. */
final class Discovery {
    private static final List<String> VERBS = List.of("create", "delete", "get", "list", "patch", "update", "watch");
    private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

    private final KindTable kinds;

    Discovery(KindTable kinds) {
        this.kinds = kinds;
    }

    ObjectNode core() {
        var body = Json.object();
        body.put("kind", "APIVersions");
        body.putArray("versions").add("v1");
        return body;
    }

    ObjectNode groups() {
        var body = Json.object();
        body.put("kind", "APIGroupList");
        body.put("apiVersion", "v1");
        var groups = body.putArray("groups");
        for (var group : kinds.groups()) groups.add(describe(group));
        return body;
    }

    ObjectNode group(String group) {
        if (!kinds.groups().contains(group))
            throw ApiCode.UNKNOWN_PATH.because("no kind of group '" + group + "' is served");
        var body = Json.object();
        body.put("kind", "APIGroup");
        body.put("apiVersion", "v1");
        body.setAll(describe(group));
        return body;
    }

    ObjectNode resources(String group, String version) {
        var served = kinds.in(group, version);
        if (served.isEmpty() && !group.isEmpty()) {
            throw ApiCode.UNKNOWN_PATH.because("no kind of " + group + "/" + version + " is served");
        }
        var body = Json.object();
        body.put("kind", "APIResourceList");
        body.put("apiVersion", "v1");
        body.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        var resources = body.putArray("resources");
        for (var kind : served) {
            var whole = describe(kind, kind.plural(), VERBS);
            var shortNames = whole.putArray("shortNames");
            kind.shortNames().forEach(shortNames::add);
            whole.putArray("categories").add("tulle");
            resources.add(whole);
            resources.add(describe(kind, kind.plural() + "/status", STATUS_VERBS));
        }
        return body;
    }

    static ObjectNode version(String tulle) {
        var body = Json.object();
        body.put("major", "1");
        body.put("minor", "32");
        body.put("gitVersion", "v1.32.0+tulle-" + tulle);
        body.put("gitCommit", "");
        body.put("gitTreeState", "");
        body.put("buildDate", "");
        body.put("goVersion", "");
        body.put("compiler", "");
        body.put("platform", "jvm");
        return body;
    }

    private ObjectNode describe(String group) {
        var described = Json.object();
        described.put("name", group);
        var versions = described.putArray("versions");
        for (var version : kinds.versions(group)) versions.add(version(group, version));
        described.set("preferredVersion", version(group, kinds.versions(group).getFirst()));
        return described;
    }

    private static ObjectNode version(String group, String version) {
        var body = Json.object();
        body.put("groupVersion", group + "/" + version);
        body.put("version", version);
        return body;
    }

    private static ObjectNode describe(ServedKind kind, String name, List<String> verbs) {
        var resource = Json.object();
        resource.put("name", name);
        resource.put("singularName", kind.singular());
        resource.put("namespaced", kind.namespaced());
        resource.put("kind", kind.kind());
        var listed = resource.putArray("verbs");
        verbs.forEach(listed::add);
        return resource;
    }
}
