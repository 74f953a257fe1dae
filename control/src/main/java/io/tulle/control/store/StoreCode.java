package io.tulle.control.store;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Every code by which the store refuses, with what {@code tulle help} says of it. */
public enum StoreCode implements ErrorCode {
    UNREADABLE(
            "TUL1301",
            "the store's file cannot be opened",
            "The file or its folder is missing, is not a plain file, or belongs to another user.",
            "Check the path and its owner, or name another run directory."),
    DAMAGED(
            "TUL1302",
            "the store's file is damaged",
            "The file is not a database, or its check found torn pages. Nothing was changed, and nothing is served from"
                    + " it, because a guess could open what a policy closed.",
            "Keep a copy, then restore a backup, or move the file away and apply your configuration again."),
    TAKEN(
            "TUL1303",
            "the store's file is in use",
            "Another control plane has it open: two writers of one embedded store would not see each other's leases.",
            "Stop the other control plane, or give this one a run directory of its own."),
    NEWER(
            "TUL1304",
            "the store was written by a newer Tulle",
            "Its schema has a version that this program does not know.",
            "Start the newer program, or restore a backup made before the upgrade."),
    FULL(
            "TUL1305",
            "the disk is full",
            "The change could not be written and was not made. Reads and the mesh's traffic go on.",
            "Free space on the store's disk, then send the change again."),
    WRITE_FAILED(
            "TUL1306",
            "the disk refused a write",
            "The operating system reported an input/output error. The change was not acknowledged.",
            "Look at the disk and the system's log, then read the resource before you send the change again."),
    CLOSED("TUL1307", "the store is closed", "The control plane is stopping.", "Send it again when it is back.");

    private final Explanation explanation;

    StoreCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
