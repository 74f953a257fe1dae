package io.tulle.control.registry;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Every code of this room, from TUL1555 on, with what {@code tulle help} says of it. */
public enum RegistryCode implements ErrorCode {
    IDENTITY_DIFFERS(
            "TUL1555",
            "an instance announced itself as somebody else",
            "Namespace, account and instance id must be those of the certificate that it came with.",
            "Join again under the right names."),
    INSTANCE_TAKEN(
            "TUL1556",
            "another identity holds this instance id",
            "An instance id is unique in the mesh while its lease lives.",
            "Choose another NAME, or stop the instance that has it."),
    REGISTRY_FULL(
            "TUL1557",
            "the registry is full",
            "The number of instances is limited, so that no workload can exhaust the control plane.",
            "Stop instances that are not needed, or raise the limit."),
    STORE_FAILED(
            "TUL1558",
            "the store of leases failed",
            "A lease must be on disk before it counts, or a restart would not know the instance. Running ones are not touched.",
            "Check that the disk is not full and that the control plane's directory is writable; the sidecar tries again."),
    SERVICE_UNCOVERED(
            "TUL1570",
            "an instance announced a service that its credential does not cover",
            "An account serves the service of its own name, and those that its token names. Otherwise one workload could take another's traffic.",
            "Make its token with `tulle token create ACCOUNT --service SERVICE`, or run it under its own service's name."),
    LABEL_UNCOVERED(
            "TUL1571",
            "an instance announced a label that its credential contradicts",
            "Services choose instances by labels. The label app is the account's own name or a service's that its token names; a token may say more labels.",
            "Leave the label out, or make its token with `tulle token create ACCOUNT --label KEY=VALUE`."),
    IS_THERE(
            "TUL1562",
            "An instance that runs cannot be forgotten",
            "Its sidecar is heard, and would bring it back at once.",
            "Stop it where it runs: Ctrl-C, or end the process of its tulle run."),
    RUNS_ALREADY(
            "TUL1564",
            "An instance of this name is running",
            "A name belongs to one run at a time, or nobody could tell the two apart. A run that was cut off keeps its name for 10 s.",
            "Choose another NAME, stop the run that has it, or take its place with tulle run --replace, which ends the other run in order."),
    UNKNOWN(
            "TUL1563",
            "Nothing of this name is remembered",
            "forget takes the name of an instance, or of a service that had instances and has none now.",
            "tulle ps shows the instances.");

    private final Explanation explanation;

    RegistryCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
