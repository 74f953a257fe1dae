package io.tulle.dialects;

import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** One text all the way: read and decoded, with every problem of it, as the control plane would see it alone. */
public record Configuration(List<Resource> resources, World world, List<Problem> problems) {
    public Configuration {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
    }

    /**
     * @param file its name, for problems; {@code .json} is read as JSON, all else as YAML
     * @param namespace of resources that name none
     */
    public static Configuration read(String file, byte[] text, String namespace, MeshSettings settings) {
        var read = ResourceReader.read(new Reader().read(file, text), namespace);
        var reading = WorldReader.read(0, settings, read.resources());
        var problems = new ArrayList<>(read.problems());
        problems.addAll(reading.problems());
        return new Configuration(read.resources(), reading.world(), WorldReader.sorted(problems));
    }

    /**
     * The same with what only shows when resources are seen together. For a text that is the whole configuration: one
     * that is applied on top of others may rightly name what those define.
     *
     * @param announced services known to exist beside those of the text
     */
    public Configuration checked(Collection<ServiceName> announced) {
        var all = new ArrayList<>(problems);
        all.addAll(Checks.run(world, resources, announced));
        return new Configuration(resources, world, WorldReader.sorted(all));
    }

    public boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }
}
