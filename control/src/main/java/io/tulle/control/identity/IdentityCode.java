package io.tulle.control.identity;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Every code of this room, TUL1500 to TUL1549, with what {@code tulle help} says of it. */
public enum IdentityCode implements ErrorCode {
    AUTHORITY_PERMISSIONS(
            "TUL1500",
            "the authority's files are open to others",
            "Who reads the authority's key can be any workload, so Tulle does not start with a key that others can reach.",
            "Make the directory 0700 and ca-key.pem 0600, and join again from scratch if somebody may have read the key."),
    AUTHORITY_INCOMPLETE(
            "TUL1501",
            "a file of the authority is missing",
            "A new root is made only in an empty directory, because a second root would cut every running workload off.",
            "Put ca-cert.pem, ca-key.pem and root-cert.pem back, or empty the directory to begin with a new root."),
    AUTHORITY_UNREADABLE(
            "TUL1502",
            "a file of the authority cannot be read",
            "The file is no PEM, or the key is encrypted or of a kind that Tulle does not sign with.",
            "Use unencrypted PEM: a P-256, P-384 or RSA key (2048 to 4096 bits) and X.509 certificates."),
    AUTHORITY_UNFIT(
            "TUL1503",
            "the authority's certificate cannot sign workloads",
            "It must be a CA (cA, keyCertSign) of this trust domain, belong to the key, and lead to a root in root-cert.pem.",
            "Check ca-cert.pem against ca-key.pem and root-cert.pem; put intermediates between them in cert-chain.pem."),
    AUTHORITY_EXPIRED(
            "TUL1504",
            "the authority's certificate is not valid now",
            "Its life is over or has not begun, so no leaf that it signs would be accepted.",
            "Check the machine's clock; else give the authority a new certificate and key."),
    AUTHORITY_UNWRITABLE(
            "TUL1505",
            "the authority could not be stored",
            "The new root must be on disk before it signs anything.",
            "Make the parent directory writable, and check that the disk is not full."),
    CSR_UNREADABLE(
            "TUL1510",
            "the certificate signing request cannot be read",
            "It must be one PKCS#10 request, PEM or base64 DER, of at most 8 KiB and with nothing after it.",
            "Join with a sidecar of the same Tulle version; look for something that changes bytes on the way."),
    CSR_UNPROVEN(
            "TUL1511",
            "the signing request does not prove that its key is its own",
            "Its signature was not made, with SHA-256 or better, by the key that it names.",
            "Sign the request with its own private key."),
    CSR_KEY(
            "TUL1512",
            "the signing request's key is of a kind that the mesh does not accept",
            "Accepted: ECDSA on P-256 or P-384 (named curve), RSA of 2048 to 4096 bits with exponent 65537.",
            "Make a P-256 key, as Tulle's own sidecar does."),
    TOKEN_REFUSED(
            "TUL1520",
            "the join token is not accepted",
            "It is no token of this mesh, was changed, was withdrawn, or belongs to another root. Which of these is not said.",
            "Make a new one with `tulle token create` on the control plane that you join."),
    TOKEN_EXPIRED(
            "TUL1521",
            "the join token's life is over",
            "Tokens live for a time that was chosen when they were made.",
            "Make a new one with `tulle token create`; check both machines' clocks."),
    TOKEN_SPENT(
            "TUL1522",
            "the join token was used as often as it may be",
            "Each joining takes one use; a restart with a valid leaf takes none.",
            "Make a new one with `tulle token create`. If you did not use it, somebody else did."),
    TOKEN_TERMS(
            "TUL1523",
            "no token can be made on these terms",
            "A token has 1 to 10,000 uses, lives from one second to 30 days, and names a namespace and an account.",
            "Choose terms within these limits."),
    PEER_REFUSED(
            "TUL1530",
            "this user may not join by the Unix socket",
            "Only the user who runs the control plane, and root, join without a token.",
            "Join as that user, or with a token."),
    NAME_UNFIT(
            "TUL1531",
            "a name cannot be part of an identity",
            "Instances and namespaces are DNS labels; accounts are DNS labels joined by dots, at most 253 characters.",
            "Use a-z, 0-9 and '-' (inside), at most 63 characters."),
    INSTANCE_TAKEN(
            "TUL1532",
            "another identity holds this instance id",
            "An instance id is unique in the mesh: by it metrics and labels find the workload.",
            "Choose another NAME, or stop the instance that has it."),
    INSTANCE_CHANGED(
            "TUL1533",
            "a leaf is renewed only for its own instance",
            "The request names another instance than the leaf that it came with.",
            "Join anew for another instance."),
    SVID_UNFIT(
            "TUL1540",
            "the certificate is no workload's X.509-SVID",
            "Exactly one URI SAN with a SPIFFE id and path, not a CA, critical keyUsage with digitalSignature (X.509-SVID 4 and 5).",
            "Use a leaf that this mesh issued."),
    SVID_UNTRUSTED(
            "TUL1541",
            "the certificate does not lead to a root of this mesh",
            "No valid path (RFC 5280, section 6) from it to the trust bundle was found.",
            "Use a leaf that this mesh issued; after a change of root, join again."),
    OTHER_ACCOUNT(
            "TUL1524",
            "the token is for another account",
            "A token sets the namespace and the account of who joins with it.",
            "Join under these names, or make a token for the others."),
    SVID_EXPIRED(
            "TUL1542",
            "the certificate is not valid now",
            "Its life is over or has not begun.",
            "Join again with a token or by the Unix socket; check both machines' clocks."),
    SVID_FOREIGN(
            "TUL1543",
            "the certificate is of another trust domain",
            "Identities of other trust domains have no rights in this one.",
            "Use a leaf that this mesh issued."),
    STORE_FAILED(
            "TUL1549",
            "the store of join tokens failed",
            "A token's use must be on disk before it counts.",
            "Check that the disk is not full and that the control plane's directory is writable.");

    private final Explanation explanation;

    IdentityCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
