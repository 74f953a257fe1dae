package io.tulle.labs;

import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import io.tulle.launch.capture.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The same shop with every instance in a network namespace, at an address of its own, the sidecar inside: a pod's shape. */
final class SeparateNetworksLab implements Lab {
    @Override
    public String name() {
        return "14-separate-networks";
    }

    @Override
    public Optional<String> obstacle() {
        var here = Facts.look(List.of(), Path.of(""), System.getenv().getOrDefault("PATH", ""));
        if (!here.linux()) return Optional.of("network namespaces are Linux's");
        if (!here.permitted()) return Optional.of("making network namespaces needs root");
        return here.missing().stream().findFirst().map(tool -> "making network namespaces needs " + tool);
    }

    @Override
    public String show(Stage stage) throws Exception {
        var own = network("self");
        var before = links();
        String seen;
        try (var shop = stage.another(Stage.Way.NETNS)) {
            try {
                seen = separate(shop, own) + "; " + SameShop.works(shop);
            } catch (Unmet e) {
                shop.keep();
                throw e;
            }
        }
        var left = new TreeSet<>(links());
        left.removeAll(before);
        Unmet.unless(left.isEmpty(), "links are left after the end: " + left);
        return seen + "; no link left after the end";
    }

    /** Each application is in a namespace of its own, and peers know each by another address. */
    private static String separate(Stage shop, Path own) throws IOException {
        var namespaces = new HashSet<Path>();
        for (var instance : shop.instances().all()) {
            namespaces.add(network(Long.toString(instance.application().pid())));
        }
        Unmet.unless(
                namespaces.size() == 9 && !namespaces.contains(own),
                "nine instances are in " + namespaces.size() + " networks");
        var addresses = new TreeSet<String>();
        var listed = shop.tulle().run("ps").text();
        for (var word : listed.split("\\s+")) {
            var address = word.replaceFirst(":[0-9]+$", "");
            if (address.matches("10\\.[0-9.]+") && !address.equals(word)) addresses.add(address);
        }
        Unmet.unless(addresses.size() == 9, "nine instances have the addresses " + addresses + ":\n" + listed);
        return "9 networks, 9 addresses (" + addresses.first() + " … " + addresses.last() + ")";
    }

    /** Which network a process is in, as the kernel names it. */
    private static Path network(String pid) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", pid, "ns", "net"));
    }

    private static Set<String> links() throws IOException {
        try (var all = Files.list(Path.of("/sys/class/net"))) {
            return new HashSet<>(all.map(path -> path.getFileName().toString()).toList());
        }
    }
}
