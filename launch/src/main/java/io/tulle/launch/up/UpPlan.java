package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeFile;
import io.tulle.dialects.compose.ComposeService;
import io.tulle.dialects.compose.ComposeService.Role;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What `tulle up` will do, before it does anything: the same file and overrides give the same plan.
 *
 * @param project also the mesh's namespace
 * @param launches in an order in which each comes after what it needs
 * @param externals to be applied before the first launch
 * @param problems start nothing unless {@link #isClean()}
 */
public record UpPlan(String project, List<Launch> launches, List<ExternalEntry> externals, List<Problem> problems) {
    public UpPlan {
        launches = List.copyOf(launches);
        externals = List.copyOf(externals);
        problems = List.copyOf(problems);
    }

    public boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }

    /** The resources of what runs elsewhere. */
    public List<Node> documents() {
        return externals.stream().map(ExternalEntry::document).toList();
    }

    /** The same with more options for each {@code tulle run}. */
    public UpPlan with(List<String> options) {
        return new UpPlan(
                project, launches.stream().map(one -> one.with(options)).toList(), externals, problems);
    }

    /** What Compose takes as a project's name. */
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9_-]*");

    /** Plans. Pure: nothing is looked up, neither files nor ports. */
    public static UpPlan of(ComposeFile file, Overrides overrides) {
        var problems = new ArrayList<Problem>();
        var project = namespaceOf(overrides.project().or(file::name).orElseGet(() -> folderName(overrides.folder())));
        if (!ServiceName.isLabel(project)) {
            problems.add(UpCode.BAD_NAME.problem("'" + project + "' cannot name a project and a namespace"));
        }
        var wanted = new TreeMap<String, ComposeService>();
        file.services().forEach((name, service) -> {
            if (overrides.profiles().want(service.profiles())) wanted.put(name, service);
        });
        var planner = new EntryPlanner(project, overrides, wanted, problems);
        var launches = new ArrayList<Launch>();
        var externals = new ArrayList<ExternalEntry>();
        for (var service : StartOrder.of(wanted.values(), problems)) {
            switch (service.role()) {
                case Role.External(var address) ->
                    ExternalEntry.of(service, address, project, problems).ifPresent(externals::add);
                case Role.Started() -> launches.addAll(planner.launches(service));
            }
        }
        sameDoors(wanted.values().stream().filter(one -> !one.isExternal()).toList(), launches, problems);
        return new UpPlan(project, launches, externals, problems);
    }

    private static void sameDoors(List<ComposeService> services, List<Launch> launches, List<Problem> problems) {
        var owners = new HashMap<String, String>();
        for (var service : services) {
            var instances = launches.stream()
                    .filter(one -> one.entry().equals(service.name()))
                    .toList();
            for (int replica = 1; replica <= instances.size(); replica++) {
                var instance = instances.get(replica - 1);
                for (var door : service.ports()) {
                    if (door.published().isEmpty()) continue;
                    var address = PortPlan.address(door, replica);
                    var other = Optional.ofNullable(owners.putIfAbsent(address, instance.instance()));
                    if (other.isEmpty()) continue;
                    problems.add(UpCode.SAME_DOOR.problem(
                            other.get() + " and " + instance.instance() + " both publish " + address, service.place()));
                }
            }
        }
    }

    /** Compose's names of projects may have underscores, which a namespace of the mesh cannot. */
    private static String namespaceOf(String project) {
        return PROJECT.matcher(project).matches() ? project.replace('_', '-').replaceAll("-+$", "") : project;
    }

    /** As Compose makes a project's name of a folder's. */
    private static String folderName(Path folder) {
        var name = Optional.ofNullable(folder.toAbsolutePath().normalize().getFileName());
        return name.map(Path::toString)
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]", "")
                .replaceAll("^[_-]+", "");
    }
}
