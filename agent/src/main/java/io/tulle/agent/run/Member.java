package io.tulle.agent.run;

import io.tulle.model.ServiceName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who takes part in a mesh: what a control plane is asked to sign, and what metrics call it.
 *
 * @param instance its id, a DNS label
 * @param account the last part of its identity
 */
public record Member(String instance, ServiceName service, String account, SortedMap<String, String> labels) {
    public Member {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
}
