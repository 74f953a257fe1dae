package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.model.IpLiteral;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What only shows of DestinationRules and ServiceEntries when all of them are seen: who holds where several speak of a host. */
final class DestinationChecks {
    private final World world;
    private final Set<String> hosts;
    private final BiFunction<ResourceRef, String, Place> place;
    private final Function<ResourceRef, String> placed;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param hosts that something declares or announces
     * @param place where a resource says a text
     * @param placed the same in brackets, for a sentence
     */
    DestinationChecks(
            World world,
            Set<String> hosts,
            BiFunction<ResourceRef, String, Place> place,
            Function<ResourceRef, String> placed) {
        this.world = world;
        this.hosts = hosts;
        this.place = place;
        this.placed = placed;
    }

    List<Problem> run() {
        world.destinations().forEach(this::unknown);
        world.destinations().stream().filter(Destination::asksForMeshTls).forEach(this::meshTlsOutside);
        world.destinations().stream().filter(Destination::originatesTls).forEach(this::originationInside);
        world.destinations().forEach(this::chosenByDialling);
        merged();
        externals();
        world.externals().forEach(this::alias);
        world.externals().forEach(this::hides);
        return problems;
    }

    private void unknown(Destination destination) {
        world.meaningOf(destination.host())
                .filter(meant -> !meant.equals(destination.host()))
                .ifPresent(meant -> problems.add(Codes.NO_EFFECT
                        .warning(
                                destination.source() + " is for " + destination.host() + ", which is another name of "
                                        + meant + ": no client is told of it",
                                "write the rule for " + meant)
                        .at(place.apply(destination.source(), destination.host()))));
        if (destination.isOfMany() || hosts.contains(destination.host())) return;
        problems.add(Codes.UNKNOWN_BACKEND
                .warning(destination.source() + " is for " + destination.host()
                        + ", which nothing declares or announces")
                .at(place.apply(destination.source(), destination.host())));
    }

    /** Nothing outside the mesh has its certificates; in plaintext, as without the rule, nobody may go there either. */
    private void meshTlsOutside(Destination destination) {
        world.externals().stream()
                .flatMap(external -> external.hosts().stream())
                .filter(destination::speaksOf)
                .findFirst()
                .ifPresent(host -> {
                    var message = destination.source() + " asks for mutual TLS of the mesh towards " + host
                            + ", which is outside the mesh: no request reaches it";
                    var problem = destination.isOfMany()
                            ? Codes.MESH_TLS_OUTSIDE.warning(message)
                            : Codes.MESH_TLS_OUTSIDE.problem(message);
                    problems.add(problem.at(place.apply(destination.source(), "ISTIO_MUTUAL")));
                });
    }

    /** Sidecars take mutual TLS of the mesh and no other. */
    private void originationInside(Destination destination) {
        if (ServiceName.ofHost(destination.host()).isEmpty() || isOutside(destination.host())) return;
        problems.add(Codes.TLS_INSIDE
                .warning(destination.source() + " asks for TLS of mode SIMPLE or MUTUAL towards " + destination.host()
                        + ", a service of the mesh: its clients speak mutual TLS of the mesh instead")
                .at(place.apply(destination.source(), destination.host())));
    }

    private boolean isOutside(String host) {
        return world.externals().stream().anyMatch(external -> external.hosts().contains(host));
    }

    /** With resolution NONE and several addresses the caller chooses one by dialling it. */
    private void chosenByDialling(Destination destination) {
        var chooses = destination.policy().of(Balancing.class).isPresent()
                || destination.policy().of(OutlierPolicy.class).isPresent();
        if (!chooses) return;
        world.externals().stream()
                .filter(external -> external.resolution() instanceof External.Resolution.AsDialled)
                .filter(external -> external.addresses().size() > 1
                        || external.addresses().stream().anyMatch(address -> !IpLiteral.isAddress(address)))
                .flatMap(external -> external.hosts().stream())
                .filter(destination::speaksOf)
                .findFirst()
                .ifPresent(host -> problems.add(Codes.NO_EFFECT
                        .warning(
                                destination.source() + " balances, or ejects endpoints of, " + host
                                        + ", whose ServiceEntry has resolution NONE: a connection goes to the address that was"
                                        + " dialled, whatever the rule says",
                                "remove loadBalancer and outlierDetection, or write resolution STATIC with endpoints in the"
                                        + " ServiceEntry")
                        .at(place.apply(destination.source(), destination.host()))));
    }

    /** Of one namespace: those of different ones never meet, because each client looks into one at a time. */
    private void merged() {
        var first = new LinkedHashMap<List<String>, Destination>();
        for (var destination : world.destinations()) {
            var key = List.of(destination.source().namespace(), destination.host());
            var older = first.putIfAbsent(key, destination);
            if (older == null) continue;
            first.put(key, older.with(destination));
            lost(older, destination);
        }
    }

    private void lost(Destination older, Destination younger) {
        var where = younger.source() + " and " + older.source() + placed.apply(older.source()) + " are both for "
                + younger.host();
        if (!older.exportedTo().equals(younger.exportedTo())) {
            tell(younger, where + " and have another exportTo: the second is not used");
            return;
        }
        if (speaks(older) && speaks(younger)) {
            tell(younger, where + ": the trafficPolicy of the second is not used");
        }
        var twice = new ArrayList<>(younger.subsets().keySet());
        twice.retainAll(older.subsets().keySet());
        if (!twice.isEmpty()) {
            tell(younger, where + ": of the second the subsets " + String.join(", ", twice) + " are not used");
        }
    }

    private static boolean speaks(Destination destination) {
        return !destination.policy().equals(DestinationPolicy.NONE)
                || !destination.ports().isEmpty();
    }

    private void tell(Destination destination, String message) {
        problems.add(Codes.MERGED.warning(message).at(place.apply(destination.source(), destination.host())));
    }

    /** Entries of one namespace and one kind of resolution add their ports; of others the older holds for everybody else. */
    private void externals() {
        var byHost = new LinkedHashMap<String, List<External>>();
        for (var external : world.externals()) {
            for (var host : external.hosts()) {
                byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(external);
            }
        }
        byHost.forEach((host, all) -> {
            for (int i = 1; i < all.size(); i++) {
                var older = all.getFirst();
                var younger = all.get(i);
                if (older.addsTo(younger) || !host.contains(".")) continue;
                problems.add(Codes.MERGED
                        .warning(younger.source() + " and " + older.source() + placed.apply(older.source())
                                + " both declare " + host + " and cannot be one: " + held(older, younger))
                        .at(place.apply(younger.source(), host)));
            }
        });
    }

    /** A name of one label is a service's too, for clients of its namespace. */
    private void hides(External external) {
        for (var host : external.hosts()) {
            if (!ServiceName.isLabel(host)) continue;
            var service = new ServiceName(external.source().namespace(), host);
            if (!hosts.contains(service.host())) continue;
            problems.add(Codes.MESH_HOST
                    .warning(external.source() + " declares " + host + ", which is the short name of the service "
                            + service
                            + ": clients in namespace " + service.namespace()
                            + " that ask for " + host + " may reach either")
                    .at(place.apply(external.source(), host)));
        }
    }

    private void alias(External external) {
        var target = external.alias();
        if (target.isEmpty()) return;
        var where = place.apply(external.source(), target.get());
        if (world.meaningOf(external.hosts().getFirst()).isEmpty()) {
            problems.add(Codes.ALIAS_LOOP
                    .problem(external.source() + " is another name of " + target.get()
                            + ", which in the end is another name of " + external.source())
                    .at(where));
        } else if (!hosts.contains(target.get())) {
            problems.add(Codes.UNKNOWN_BACKEND
                    .warning(external.source() + " is another name of " + target.get()
                            + ", which nothing declares or announces")
                    .at(where));
        }
    }

    private static String held(External older, External younger) {
        var same = older.source().namespace().equals(younger.source().namespace());
        return same
                ? "the first, which is older, holds"
                : "clients in namespace " + younger.source().namespace()
                        + " use the first-named, all others the second";
    }
}
