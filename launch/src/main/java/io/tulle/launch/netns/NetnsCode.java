package io.tulle.launch.netns;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import io.tulle.model.Problem;

/** Why an application got no network of its own. */
public enum NetnsCode implements ErrorCode {
    NOT_PERMITTED(
            "TUL2040",
            "The kernel gave no network namespace",
            "Making one needs root with CAP_SYS_ADMIN; many containers have root without it.",
            "Run as root of the host, give the container SYS_ADMIN and NET_ADMIN, or use --capture env or hook."),
    NO_LINK(
            "TUL2041",
            "The namespace could not be joined to this host",
            "The ip tool (iproute2) refused to make the pair of interfaces, an address or a route; it said why.",
            "Mend what the message names, or use --capture env or hook."),
    NO_RULES(
            "TUL2042",
            "The rules of the namespace were refused",
            "The nft tool (nftables) or this kernel refused the rules that lead connections to the sidecar.",
            "The kernel needs nf_tables with nat and redirect (modprobe nft_redir); or use --capture env or hook."),
    NO_RANGE(
            "TUL2043",
            "No private addresses are free",
            "Every range that Tulle would take an address from overlaps a route of this host.",
            "Free one of the ranges that the message names, or use --capture env or hook."),
    NO_NAMES(
            "TUL2044",
            "The name server of the namespace could not be opened",
            "A socket in the new namespace was refused.",
            "The message says why; start the run again.");

    private final Explanation explanation;

    NetnsCode(String code, String title, String cause, String fix) {
        explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    Refused refused(String message) {
        return new Refused(problem(message));
    }

    /** There is no network: nothing of it is left. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        Refused(Problem problem) {
            super(problem.explained());
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }
}
