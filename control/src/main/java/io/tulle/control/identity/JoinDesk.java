package io.tulle.control.identity;

import io.tulle.model.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where workloads become members. Three ways in: a token (from another host), the Unix socket (the same user, or root),
 * and a leaf that is still valid (renewals and restarts). In each the control plane sets the identity; the request brings
 * a public key and nothing else. Handlers call it from any thread; it logs codes and ids, never secrets.
 */
public final class JoinDesk {
    private static final Logger LOG = LoggerFactory.getLogger(JoinDesk.class);
    private static final long ROOT = 0;

    private final CertificateAuthority authority;
    private final JoinTokens tokens;
    private final SvidVerifier verifier;
    private final InstanceNames names;
    private final long ownUser;

    /** @param ownUser the uid that the control plane runs as */
    public JoinDesk(
            CertificateAuthority authority,
            JoinTokens tokens,
            SvidVerifier verifier,
            InstanceNames names,
            long ownUser) {
        this.authority = authority;
        this.tokens = tokens;
        this.verifier = verifier;
        this.names = names;
        this.ownUser = ownUser;
    }

    /**
     * Joins with a token, which sets namespace, account and what the workload may say of itself. A request that is refused for another
     * reason takes no use.
     *
     * @param asked what the joiner takes itself for; namespace and account may be empty, and give nothing
     */
    public Checked<IssuedLeaf> byToken(String token, LocalJoin asked, String csr) {
        return said(
                "token",
                () -> tokens.look(token)
                        .then(grant -> Names.workload(grant.namespace(), grant.account())
                                .then(_ -> meant(grant, asked))
                                .then(_ -> issue(
                                        identity(grant.namespace(), grant.account()),
                                        asked.instance(),
                                        grant.claims(),
                                        csr,
                                        () -> tokens.spend(grant)))));
    }

    /** Joins over the Unix socket; the uid is the kernel's word (SO_PEERCRED), never the caller's. */
    public Checked<IssuedLeaf> byUnixPeer(long user, LocalJoin join, String csr) {
        if (user != ownUser && user != ROOT) {
            return said("unix socket", () -> Checked.refused(IdentityCode.PEER_REFUSED.problem()));
        }
        return said(
                "unix socket",
                () -> Names.workload(join.namespace(), join.account())
                        .then(_ -> issue(
                                identity(join.namespace(), join.account()),
                                join.instance(),
                                Claims.ANY,
                                csr,
                                () -> Checked.fit(join))));
    }

    /** Renews: the leaf of the TLS session proves who asks, for the same instance and with the same claims alone. */
    public Checked<IssuedLeaf> renew(List<X509Certificate> chain, String instance, String csr) {
        return said(
                "renewal",
                () -> verifier.verify(chain)
                        .then(peer -> peer.instance().equals(Optional.of(instance))
                                ? issue(peer.id(), instance, peer.claims(), csr, () -> Checked.fit(peer))
                                : Checked.refused(IdentityCode.INSTANCE_CHANGED.problem())));
    }

    private SpiffeId identity(String namespace, String account) {
        return SpiffeId.of(authority.trustDomain(), namespace, account);
    }

    /** All that can be refused is looked at before the last step takes a token's use. */
    private Checked<IssuedLeaf> issue(
            SpiffeId id, String instance, Claims claims, String csr, Supplier<Checked<?>> lastStep) {
        return Names.instance(instance)
                .then(_ -> free(instance, id))
                .then(_ -> SigningRequest.parse(csr))
                .then(request -> authority
                        .complaint()
                        .<Checked<SigningRequest>>map(Checked::refused)
                        .orElseGet(() -> Checked.fit(request)))
                .then(request -> lastStep.get().then(_ -> Checked.fit(authority.issue(request, id, instance, claims))));
    }

    /** A leaf of another name than the joiner's would be of no use to it: its registration would be refused. */
    private static Checked<TokenGrant> meant(TokenGrant grant, LocalJoin asked) {
        var isMeant = (asked.namespace().isEmpty() || asked.namespace().equals(grant.namespace()))
                && (asked.account().isEmpty() || asked.account().equals(grant.account()));
        return isMeant
                ? Checked.fit(grant)
                : Checked.refused(IdentityCode.OTHER_ACCOUNT.problem(
                        "the token is for account " + grant.account() + " of namespace " + grant.namespace() + ", and "
                                + asked.instance() + " joins as account " + asked.account() + " of namespace "
                                + asked.namespace() + "; the token was not used up",
                        "join as it says: --namespace " + grant.namespace() + " --account " + grant.account()));
    }

    private Checked<String> free(String instance, SpiffeId id) {
        var isTaken =
                names.holderOf(instance).filter(holder -> !holder.equals(id)).isPresent();
        return isTaken
                ? Checked.refused(IdentityCode.INSTANCE_TAKEN.problem("the instance id " + instance + " is taken"))
                : Checked.fit(instance);
    }

    private static Checked<IssuedLeaf> said(String way, Supplier<Checked<IssuedLeaf>> joining) {
        var outcome = attempt(joining);
        switch (outcome) {
            case Checked.Fit<IssuedLeaf>(var leaf) ->
                LOG.info(
                        "joined way=\"{}\" id={} instance={} until={}",
                        way,
                        leaf.id(),
                        leaf.instance(),
                        leaf.notAfter());
            case Checked.Refused<IssuedLeaf>(var problem) ->
                LOG.warn("refused way=\"{}\" code={} message=\"{}\"", way, problem.code(), problem.message());
        }
        return outcome;
    }

    /** What the store of tokens or the authority cannot do is told to who joins, as any other refusal is. */
    private static Checked<IssuedLeaf> attempt(Supplier<Checked<IssuedLeaf>> joining) {
        try {
            return joining.get();
        } catch (IdentityException failure) {
            LOG.error("joining failed code={}", failure.problem().code(), failure);
            return Checked.refused(failure.problem());
        }
    }
}
