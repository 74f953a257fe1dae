package io.tulle.dialects.compose;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a stage of a Dockerfile says of a process: never what RUN would have made.
 *
 * @param base the image at the bottom, stages followed
 * @param workingDirectory in the image
 * @param ports of EXPOSE, in order; those of UDP left out
 */
record DockerStage(
        String base,
        List<String> entrypoint,
        List<String> command,
        String workingDirectory,
        SortedMap<String, String> environment,
        Set<Integer> ports,
        PathMap paths) {
    DockerStage {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        ports = Collections.unmodifiableSet(new LinkedHashSet<>(ports));
    }

    static DockerStage of(String image) {
        var entrypoint = Images.startsNode(image) ? List.of("node") : List.<String>of();
        return new DockerStage(image, entrypoint, List.of(), "/", new TreeMap<>(), Set.of(), PathMap.EMPTY);
    }

    DockerStage withEntrypoint(List<String> words) {
        return new DockerStage(base, words, List.of(), workingDirectory, environment, ports, paths);
    }

    DockerStage withCommand(List<String> words) {
        return new DockerStage(base, entrypoint, words, workingDirectory, environment, ports, paths);
    }

    DockerStage in(String folder) {
        return new DockerStage(
                base, entrypoint, command, PathMap.absolute(workingDirectory, folder), environment, ports, paths);
    }

    DockerStage with(String variable, String value) {
        var more = new TreeMap<>(environment);
        more.put(variable, value);
        return new DockerStage(base, entrypoint, command, workingDirectory, more, ports, paths);
    }

    DockerStage exposing(int port) {
        var more = new LinkedHashSet<>(ports);
        more.add(port);
        return new DockerStage(base, entrypoint, command, workingDirectory, environment, more, paths);
    }

    DockerStage with(PathMap more) {
        return new DockerStage(base, entrypoint, command, workingDirectory, environment, ports, more);
    }

    /** Entry point and command in one. */
    List<String> words() {
        var all = new ArrayList<>(entrypoint);
        all.addAll(command);
        return all;
    }
}
