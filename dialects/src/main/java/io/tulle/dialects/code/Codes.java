package io.tulle.dialects.code;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Severity;
import java.util.Optional;

/** Every code of this room, with what {@code tulle help} says of it: TUL11xx form, TUL12xx resources, TUL22xx Compose. */
public enum Codes implements ErrorCode {
    // form
    TOO_LARGE(1101, "text too large", "a text of configuration may have 3 MiB", "split it into several files"),
    NOT_UTF8(1102, "not UTF-8", "YAML and JSON are read as UTF-8", "save the file as UTF-8"),
    CONTROL_CHARACTER(
            1103,
            "character not allowed",
            "YAML allows no control characters but tab and line breaks",
            "remove the character, or write it as an escape in double quotes"),
    YAML_SYNTAX(1104, "not YAML", "the text breaks YAML's grammar", "look at the line named and the one above it"),
    JSON_SYNTAX(1105, "not JSON", "the text breaks JSON's grammar (RFC 8259)", "look at the line and column named"),
    TOO_DEEP(1106, "nested too deep", "mappings and lists may be nested 64 deep", "flatten the document"),
    TOO_MANY_NODES(
            1107,
            "too many values",
            "a document may have 200,000 values once aliases are expanded",
            "split the document"),
    TOO_MANY_ALIASES(1108, "too many aliases", "a document may use 50 aliases", "write the values out"),
    UNKNOWN_ALIAS(
            1109,
            "alias without anchor",
            "an alias must name an anchor whose value ended before it; a value cannot hold itself",
            "define the anchor first, with '&', in the same document"),
    DUPLICATE_KEY(
            1110,
            "key written twice",
            "one of two equal keys would silently win",
            "keep one of them; for two entries write a list"),
    BAD_KEY(1111, "key is not text", "keys are text in every kind", "quote the key"),
    TAG(1112, "tag refused", "tags ask a reader to make objects, and no kind needs one", "remove the tag"),
    NO_NUMBER(
            1113,
            "number out of reach",
            "infinities, NaN and numbers past 64 digits mean nothing here",
            "write a plain number, or quote it as text"),
    TOO_MANY_DOCUMENTS(1114, "too many documents", "a text may hold 1,000 documents", "split it into several files"),
    NO_RESOURCE(
            1115,
            "not a resource",
            "a resource is a mapping with apiVersion, kind and metadata.name",
            "add what is missing: apiVersion, kind, metadata.name"),
    UNKNOWN_KIND(
            1116,
            "unknown kind",
            "Tulle has no such kind in that apiVersion",
            "correct the kind or its apiVersion; `kubectl api-resources`, with the file that `tulle kubeconfig` writes, lists the kinds"),
    BAD_METADATA(
            1117,
            "metadata not valid",
            "names, namespaces and labels follow the rules of Kubernetes",
            "names: a-z, 0-9, '-' and '.', at most 253; namespaces: a DNS label; label values: at most 63 letters, digits, '-', '_', '.'"),

    TOO_MANY_PROBLEMS(
            1118,
            "too many problems",
            "a document with a thousand problems is not what somebody meant to write",
            "mend the first ones and try again"),

    // resources
    MISSING(1201, "required field missing", "the kind cannot mean anything without the field", "set the field"),
    WRONG_TYPE(1202, "wrong type", "the field takes another type of value", "write the type named"),
    OUT_OF_RANGE(
            1203,
            "value not allowed",
            "the value is none of those that the field allows",
            "write one of the values named"),
    NOT_ACTED_ON(
            1204,
            "set but not acted on",
            "the field belongs to the kind, but this version of Tulle does not do what the field asks",
            "remove it if you can do without what it asks; in a security policy a rule with fewer conditions matches more, so write that rule anew instead"),
    UNKNOWN_FIELD(
            1205,
            "unknown field",
            "the kind has no such field: most often a slip of the pen or of indentation",
            "correct the name"),
    BAD_DURATION(1206, "not a duration", "a duration is digits and a unit", "write it as 250ms, 1.5s, 2m or 1h"),
    BAD_REGEX(
            1207,
            "regular expression not valid",
            "expressions are RE2, read in linear time and of bounded size: no look-around, no back-references",
            "write it in RE2 syntax, without them and with smaller counts"),
    ONE_OF(
            1208,
            "exactly one of several",
            "the fields exclude one another, and one is needed",
            "write exactly one of them"),
    BAD_HOST(1209, "host not valid", "a host is a DNS name, perhaps with '*.' in front", "write a DNS name"),
    NO_WEIGHT(
            1210,
            "weights sum to 0",
            "with no weight on any leg no request could go anywhere",
            "give a leg a weight above 0"),
    UNKNOWN_SUBSET(
            1211,
            "subset not defined",
            "a route names a subset that no DestinationRule of the host defines; until one does, its share of requests gets 503",
            "define the subset in a DestinationRule of that host, or correct its name"),
    UNKNOWN_BACKEND(
            1212,
            "host unknown",
            "no service and no ServiceEntry has that name; requests would get 503 until one does",
            "start the service, declare it, or correct the name"),
    OVERLAP(
            1213,
            "two resources for one host",
            "both claim the same host, and which rules win is not said",
            "put the rules into one resource, or give them different hosts"),
    TWO_DIALECTS(
            1214,
            "two dialects for one service",
            "an HTTPRoute and a VirtualService both route the same service",
            "keep one of the two"),
    DUPLICATE_RESOURCE(
            1215,
            "resource written twice",
            "two resources have the same kind, namespace and name",
            "keep one, or rename one"),
    DUPLICATE_NAME(1216, "name used twice", "names within a resource must differ", "rename one"),
    PORTS_NEED_SELECTOR(
            1217,
            "port level mTLS without selector",
            "Istio takes portLevelMtls only together with a selector, since ports belong to workloads",
            "add selector.matchLabels"),
    UNKNOWN_PROTOCOL(
            1218,
            "protocol unknown",
            "the port's protocol is none that Tulle has a word for",
            "use http, http2, grpc, nest-tcp or tcp"),
    UNKNOWN_PORT(
            1219,
            "port not declared",
            "the service is declared without that port, or its instances announce others",
            "correct the number, or declare the port (in the Service, or with --expose)"),
    NO_PORT_FOR_RULES(
            1232,
            "rules that no port can follow",
            "rules for connections (tcp) do nothing at a port whose requests are routed one by one, and rules for requests (http) nothing at one of opaque bytes",
            "write rules of the kind that the port speaks, or declare the port as what it is: --expose 5432/tcp"),
    GATEWAY(
            1220,
            "gateways of one match",
            "a match that holds at some gateways of its VirtualService alone is not acted on yet",
            "write a VirtualService of its own for that gateway"),
    UNKNOWN_GATEWAY(
            1278,
            "gateway not declared",
            "a route names a gateway that nobody has declared; until somebody does it holds nowhere",
            "apply the Gateway, or correct its name (an Istio Gateway of another namespace is written NAMESPACE/NAME)"),
    NO_CERTIFICATE(
            1279,
            "a listener without a certificate",
            "the Secret that a Gateway's listener names is not there, or holds no certificate with its key; the listener stays shut until it does",
            "apply a Secret with tls.crt and tls.key, or correct the name; one of another namespace needs a ReferenceGrant there"),
    PARENT(
            1221,
            "parent is neither a service nor a gateway",
            "Tulle attaches routes to services (GAMMA) and to gateways",
            "write parentRefs: [{group: \"\", kind: Service, name: …}], or [{name: …}] for a Gateway"),
    OTHER_NAMESPACE(
            1222,
            "reference to another namespace",
            "a reference across namespaces needs the other side's consent, and Tulle does not read that yet",
            "put the route into the namespace of the service"),
    BAD_ADDRESS(
            1223,
            "address not valid",
            "an address is an IPv4 or IPv6 address, or a CIDR block",
            "write 10.0.0.1, 10.0.0.0/8 or fd00::/8"),
    PREFIX_NEEDED(
            1224,
            "prefix replacement without prefix match",
            "replacePrefixMatch needs every match of the rule to be a PathPrefix (Gateway API)",
            "match with type PathPrefix, or use replaceFullPath"),
    UNREACHABLE(
            1225,
            "rule never reached",
            "an earlier rule without conditions takes every request",
            "move the rule without conditions to the end"),
    HELD_CLOSED(
            1226,
            "security policy not readable, held closed",
            "a policy that cannot be read may have been meant to refuse, so until it is mended everything it could guard is refused",
            "mend the policy; deleting it takes away what it was meant to refuse"),
    NO_EFFECT(1227, "no effect", "what is written is valid but changes nothing", "remove it, or complete it"),
    BAD_PRINCIPAL(
            1228,
            "pattern not valid",
            "a '*' may stand at one end only, and a principal is written without spiffe://",
            "write a, a*, *a or *; a principal as trust-domain/ns/NAMESPACE/sa/ACCOUNT"),
    BAD_HEADER(
            1229,
            "header not valid",
            "a header's name is a token and its value one line of visible text (RFC 9110, 5.1 and 5.5)",
            "write a plain name and a value without line breaks"),
    FRAMING_HEADER(
            1230,
            "header that frames messages",
            "Host, Content-Length, Transfer-Encoding, Connection and their like say where a message ends and who it is for",
            "leave it to the proxies; to change the host use a rewrite"),
    BAD_TARGET(
            1231,
            "path or authority not valid",
            "what goes into a request line or a Location has no spaces, no control characters and only ASCII",
            "percent-encode what is none of these"),
    PATH_NEVER(
            1419,
            "path that no request has",
            "proxies bring the path of each request into one form (RFC 3986, 6.2.2: unreserved characters are decoded,"
                    + " other escapes are in upper case, dot segments are resolved) and compare that with policies",
            "write the path in that form: it begins with '/', has no dot segments, and escapes such as %C3 in upper case"),
    UNTELLABLE(
            1399,
            "a resource that no proxy could be told of",
            "its fields are each in order, but a value of it has no form in what proxies hear, or reading it failed inside Tulle",
            "change the value that the message names; where it names none, report the document"),

    NOT_THE_ROOT(
            1240,
            "mesh-wide document outside the root namespace",
            "policies of one namespace, the root namespace, hold for the whole mesh; it is tulle-system unless the mesh says"
                    + " otherwise, and anywhere else the document would guard only its own namespace",
            "start the control plane with --root-namespace istio-system (the mesh remembers it), or write namespace: tulle-system"),
    DRY_RUN(
            1241,
            "policy in dry run",
            "the annotation istio.io/dry-run keeps a policy from being enforced; requests are judged by it and what it would"
                    + " change is counted",
            "look at tulle_dry_run_requests_total and at dry_run= in the access log; remove the annotation to put the policy"
                    + " in force"),
    MARK_UNHEEDED(
            1242,
            "label or annotation not acted on",
            "Istio reads the label or annotation, and Tulle does nothing because of it",
            "remove it, or rely on what the message says"),
    MESH_CONFIG(
            1243,
            "mesh configuration not read",
            "Istio reads this ConfigMap as the settings of its mesh; Tulle has options of its own for them",
            "set what you need with options of tulle control (--root-namespace, --listen); see tulle control --help"),
    NO_TRAFFIC(
            1244,
            "Kubernetes kinds that Tulle does not keep",
            "these kinds describe what a cluster runs; they are skipped, and the other documents are applied",
            "start the workloads with tulle run or tulle up"),
    DURATION_TOO_FINE(
            1270,
            "duration too short or too fine",
            "Istio takes whole milliseconds, and at least one",
            "write 1ms or more, in whole milliseconds, or leave the field out for its default"),
    EXCLUDES(
            1271,
            "fields exclude one another",
            "one of the fields would have no effect beside the other",
            "keep the one that you mean and remove the other"),
    BAD_NAME(
            1272,
            "name not valid",
            "names of subsets and of ports are DNS labels",
            "use at most 63 of a-z, 0-9 and '-', with a letter or a digit at both ends"),
    BAD_LABEL(
            1273,
            "label not valid",
            "labels are compared as they are written; a key or a value cannot hold a '*'",
            "write the label's exact key and value, as the workload carries it"),
    DENY_WITHOUT_RULES(
            1274,
            "DENY without rules",
            "a DENY policy without rules denies nothing, which nobody means to write",
            "add a rule that says what to deny; rules: [{}] denies everything"),
    CONDITION_UNKNOWN(
            1275,
            "condition that cannot be judged",
            "this version of Tulle does not know the attribute, so the rule is held closed: in an ALLOW policy it"
                    + " allows nothing, in a DENY policy it denies whatever meets its other conditions",
            "write the rule with keys that Tulle can judge, which the message names"),
    RETRIES_OFF(
            1276,
            "retries are off, and say how to retry",
            "without attempts, or with attempts: 0, nothing is retried (Istio)",
            "set attempts to 1 or more, or write only attempts: 0"),

    MERGED(
            1245,
            "two resources for one host, merged",
            "resources of one namespace for the same host are made one, as Istio does, and what they say twice is the older one's",
            "put what you want into one resource, or give them different hosts"),
    MESH_TLS_OUTSIDE(
            1246,
            "mutual TLS of the mesh towards something outside",
            "nothing outside the mesh has a certificate of it, so ISTIO_MUTUAL cannot be spoken there; what asks for it is not"
                    + " sent in plaintext instead",
            "name who answers with subjectAltNames (spiffe://...); where nobody of the mesh does, leave tls out for that host, or"
                    + " write mode SIMPLE"),
    TLS_INSIDE(
            1263,
            "TLS of another kind towards a service of the mesh",
            "between sidecars there is mutual TLS of the mesh and no other; modes SIMPLE and MUTUAL are for hosts outside the mesh",
            "write mode ISTIO_MUTUAL, or leave tls out, which means the same"),
    NOBODY_SELECTED(
            1264,
            "a workloadSelector that selects no WorkloadEntry",
            "a ServiceEntry's workloadSelector chooses WorkloadEntries of its own namespace by their labels; an instance that Tulle runs"
                    + " is reached by the name of its service, and is not chosen; with resolution STATIC only addresses are",
            Severity.WARNING,
            "apply a WorkloadEntry with these labels, or correct the labels"),
    ENVOY_FILTER(
            1266,
            "EnvoyFilter",
            "an EnvoyFilter patches the configuration of an Envoy; Tulle's sidecars are none, and have no such configuration",
            "write what it is for in a kind that Tulle reads: headers, rewrites, redirects, timeouts, retries, faults, mirrors and CORS in"
                    + " a VirtualService or an HTTPRoute; limits, outliers, balancing and TLS in a DestinationRule; who may call in an"
                    + " AuthorizationPolicy"),
    MESH_HOST(
            1265,
            "a host that may be a service's",
            "a short name in hosts (catalog) means something outside for the entry's namespace, and hides the service of that name there",
            Severity.WARNING,
            "give what is outside a name with a domain (api.example.com), or write a Service for what runs in the mesh"),

    // Compose
    COMPOSE_UNKNOWN(
            2201,
            "Compose key not used",
            "Tulle does not act on the key",
            Severity.WARNING,
            "nothing to do if you did not rely on it"),
    COMPOSE_TYPE(2202, "wrong type in Compose file", "the key takes another type of value", "write the type named"),
    COMPOSE_VARIABLE(
            2203,
            "variable required",
            "the file asks for the variable with :? or ?",
            "set the variable in the environment or in .env"),
    COMPOSE_UNSET(
            2204,
            "variable not set",
            "an unset variable is empty text, as with Compose",
            Severity.WARNING,
            "set it, or write ${NAME:-default}"),
    COMPOSE_SUBSTITUTION(
            2205,
            "substitution not valid",
            "'$' starts a variable",
            "write $NAME, ${NAME}, ${NAME:-default} or $$ for a dollar sign"),
    COMPOSE_PORT(
            2206,
            "port not valid",
            "a port is [HOST_IP:][PUBLISHED:]TARGET[/PROTOCOL]",
            "write 3000, 8080:3000 or 127.0.0.1:8080:3000"),
    COMPOSE_DEPENDENCY(
            2207,
            "dependency not valid",
            "depends_on names services of the same file, without a circle",
            "correct the names"),
    COMPOSE_ENV_FILE(
            2208,
            "environment file not readable",
            "env_file names a file that is not there or not readable",
            "create it, or write required: false"),
    COMPOSE_NOTHING(2209, "nothing to start", "a service needs a command or an image", "set command"),
    COMPOSE_VALUE(
            2210,
            "value not allowed in Compose file",
            "the value is none of those that the key allows",
            "write one of the values named"),
    COMPOSE_COMMAND(
            2211,
            "command not closed",
            "a quote of the command has no partner",
            "close the quote, or write the command as a list"),
    COMPOSE_ENV_LINE(
            2239,
            "line of an environment file not readable",
            "Compose refuses the file at this line, and Tulle reads it the same way",
            "write KEY=value; close a quote that was opened, and write \\' for one inside single quotes"),
    COMPOSE_NAMES_MEET(
            2240,
            "two entries with one name in the mesh",
            "a name in the mesh is a DNS label, so my_db and my-db would be one, and nobody could tell which is meant",
            "rename one of them"),
    COMPOSE_ALIAS(
            2241,
            "another spelling in the mesh",
            "a service of the mesh is a DNS label; Compose allows more",
            Severity.WARNING,
            "nothing to do: applications go on saying the name as written"),
    COMPOSE_DOCKERFILE(
            2242,
            "Dockerfile not found",
            "the entry says build and no command, so the Dockerfile must say what to start",
            "correct build.context, build.dockerfile or build.target, or write command: with what to run"),
    COMPOSE_NO_COMMAND(
            2243,
            "Dockerfile without a command",
            "neither CMD nor ENTRYPOINT stands in the stage that would be built",
            "write command: with what to run"),
    COMPOSE_NOT_NODE(
            2244,
            "image that is not Node",
            "Tulle starts the command on this host, which may not have the programs of the image",
            "x-tulle: {run: host} runs it here; x-tulle: {address: HOST:PORT} leaves it to whoever runs it elsewhere"),
    COMPOSE_ARTEFACT(
            2245,
            "what the command needs is not there",
            "Tulle builds no image and never runs what RUN says; what a build makes has to be made first",
            "run the line named"),
    COMPOSE_EXTERNAL(
            2246,
            "command of an external entry",
            "an entry with an image and no build runs elsewhere, in Docker for instance, and is reached at its published port",
            Severity.WARNING,
            "nothing to do, or x-tulle: {run: host}"),
    COMPOSE_UDP(
            2247,
            "UDP is not carried",
            "the mesh carries TCP; UDP goes past it, as it would without Tulle",
            Severity.WARNING,
            "nothing to do if callers reach the port without the mesh"),
    COMPOSE_WISH(
            2248,
            "x-tulle not understood",
            "x-tulle takes run: host, to start an entry's command on this host, or address: HOST:PORT, where it runs elsewhere",
            "write one of the two"),
    COMPOSE_MOUNTED(
            2249,
            "source mounted into a Node image",
            "the working directory is a bind mount of this host, so that the command can run here as it is",
            Severity.WARNING,
            "nothing to do, or x-tulle: {address: HOST:PORT}"),
    COMPOSE_VOLUME(
            2251,
            "volume not seen",
            "a process on this host sees the host's own files; nothing is mounted for it",
            Severity.WARNING,
            "nothing to do, or give the application a path of this host by a variable"),
    COMPOSE_MERGE(
            2255,
            "files that do not fit together",
            "of several files each is laid over those before it, and a mapping cannot be laid over a list or a text; what a file"
                    + " includes must have other names",
            "write the same form in both files, or !override before the value to replace all of it"),
    COMPOSE_OTHER_FILE(
            2256,
            "include or extends that cannot be followed",
            "Tulle follows them to files in the folder of the project; paths in a file of another folder would be relative to"
                    + " that one",
            "put the file into the project's folder, or name it with -f"),
    DEPRECATED(
            1255,
            "deprecated field",
            "upstream keeps the field for old files and has replaced it; Tulle does the same with it",
            Severity.WARNING,
            "write the field that replaced it"),
    RING_TOO_LARGE(
            1256,
            "hash ring too large",
            "every sidecar that calls the service keeps the ring, 12 bytes a place, so that a ring has 1,048,576 places at most",
            Severity.WARNING,
            "write a smaller ring; for a more even spread use maglev"),
    ALIAS_LOOP(
            1277,
            "names that mean each other",
            "Services of type ExternalName name each other in a circle, so that none of them leads anywhere",
            "let one of them name a service that has instances");

    private final Explanation explanation;
    private final Severity severity;

    Codes(int number, String title, String cause, String fix) {
        this(number, title, cause, Severity.ERROR, fix);
    }

    Codes(int number, String title, String cause, Severity severity, String fix) {
        this.explanation = new Explanation("TUL" + number, title, cause, fix);
        this.severity = severity;
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    @Override
    public Problem problem(String message, String how) {
        return new Problem(code(), severity, message, how, Optional.empty());
    }
}
