package io.tulle.control.identity;

import io.tulle.model.ServiceName;

/** Whether names that came from outside can stand in a certificate. */
final class Names {
    private Names() {}

    /** A workload's namespace and account, as Kubernetes has them: a DNS label, and DNS labels joined by dots. */
    static Checked<String> workload(String namespace, String account) {
        if (!ServiceName.isLabel(namespace)) return unfit("the namespace is no DNS label");
        return isAccount(account) ? Checked.fit(account) : unfit("the account is no DNS name");
    }

    static Checked<String> instance(String instance) {
        return ServiceName.isLabel(instance) ? Checked.fit(instance) : unfit("the instance id is no DNS label");
    }

    private static boolean isAccount(String account) {
        if (account.length() > 253) return false;
        for (var part : account.split("\\.", -1)) {
            if (!ServiceName.isLabel(part)) return false;
        }
        return true;
    }

    /** The name itself is not repeated: it is hostile text, and goes to logs. */
    private static Checked<String> unfit(String message) {
        return Checked.refused(IdentityCode.NAME_UNFIT.problem(message));
    }
}
