package io.tulle.proxy.balance;

import io.tulle.model.policy.Balancing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of places, closed to a circle, in which each endpoint of a set holds some: a hash falls on a place, and who may not be
 * chosen is passed over for the next. It knows nothing of who is well at the moment, so that it is made only when endpoints come
 * or go. Immutable.
 */
sealed interface Circle permits Ring, Table {
    int size();

    /** Where a hash falls. */
    int placeOf(long hash);

    /** The index in the set of the endpoint that holds a place. */
    int holder(int place);

    List<Member> members();

    /**
     * An endpoint as a circle knows it.
     *
     * @param key what is hashed of it
     */
    record Member(String key, int weight) {
        static List<Member> of(EndpointSet set) {
            Map<String, Integer> named = new HashMap<>();
            set.endpoints().forEach(endpoint -> named.merge(endpoint.spec().instance(), 1, Integer::sum));
            return set.endpoints().stream()
                    .map(endpoint -> new Member(
                            key(endpoint, named.getOrDefault(endpoint.spec().instance(), 0)),
                            endpoint.spec().weight()))
                    .toList();
        }

        /** The instance, which stays the same when it comes back at another port; its address where several share a name. */
        private static String key(Endpoint endpoint, int named) {
            var spec = endpoint.spec();
            return named == 1 ? spec.instance() : spec.address() + ":" + spec.port();
        }
    }

    static Circle of(Balancing.Hashed algorithm, List<Member> members) {
        return switch (algorithm) {
            case Balancing.RingHash ring -> Ring.of(members, ring.minimumSize());
            case Balancing.Maglev maglev -> Table.of(members, maglev.tableSize());
        };
    }

    /** The index of the first endpoint from where a hash falls that is in the tier, which has at least one. */
    default int find(long hash, Tier tier) {
        int place = placeOf(hash);
        for (int passed = 0; passed < size(); passed++) {
            int index = tier.indexOf(holder(place));
            if (index >= 0) return index;
            place = place + 1 == size() ? 0 : place + 1;
        }
        return 0; // an endpoint that holds no place: the weights of others leave it none
    }
}
