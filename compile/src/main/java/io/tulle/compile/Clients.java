package io.tulle.compile;

import io.tulle.model.world.Instance;

/**
 * Those who hear the same of the same destinations.
 *
 * @param perspective as {@link Sound#perspectiveOf} says
 */
record Clients(String perspective, String namespace, Capability capability) {
    static Clients of(Sound sound, Instance instance) {
        var node = instance.node();
        return new Clients(sound.perspectiveOf(instance), node.scope(), Capability.of(node));
    }
}
