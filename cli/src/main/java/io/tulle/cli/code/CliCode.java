package io.tulle.cli.code;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** The codes of the command line: TUL10xx, and those of how an instance begins. */
public enum CliCode implements ErrorCode {
    NO_MAVEN(
            "TUL1001",
            "Maven is missing",
            "Tulle runs from a checkout and has not been built yet.",
            "Install Maven 3.8.7 or newer."),
    BUILD_FAILED(
            "TUL1002",
            "The build failed",
            "Maven could not build Tulle from the sources of this checkout.",
            "Read dist/target/build.log; its first ERROR line names the cause."),
    NO_JAVA(
            "TUL1003",
            "No Java 25",
            "Tulle needs Java 25 or newer and found none.",
            "Install a JDK 25 (Temurin, for example) or set JAVA_HOME to it."),
    NO_NODE(
            "TUL1004",
            "Node is not installed",
            "A checkout is built on its first start, and the hook for Node applications is joined by Node.",
            "Install Node 20 or newer: apt install nodejs."),
    COMMAND_UNREADABLE(
            "TUL1010",
            "The command cannot be read",
            "A verb, an option or a value is unknown or missing.",
            "tulle VERB --help shows what the verb takes, with an example."),
    NEITHER_VERB_NOR_CODE(
            "TUL1011",
            "Neither a verb nor a code",
            "help takes the name of a verb or a code such as TUL1204.",
            "tulle --help lists the verbs."),
    FILE_UNREADABLE(
            "TUL1012",
            "A file cannot be read",
            "What -f names is not there, or not readable.",
            "Name a file, a folder, or - for standard input."),
    FILE_UNUSABLE(
            "TUL1038",
            "A file cannot be used",
            "A file or folder that the command reads or writes is not there, or not to be read or written.",
            "The message names it, and says why."),
    NO_DOCUMENTS(
            "TUL1050",
            "There is no document",
            "What -f names was read, and holds no document: an empty file, pipe or folder. Nothing was done.",
            "Look at what writes it. Of a folder, files that end in .yaml, .yml or .json are read."),
    NO_SUCH_KIND(
            "TUL1013",
            "No such kind",
            "get takes a kind of resource by its plural, singular or short name.",
            "The message lists the kinds."),
    STORE_UNUSABLE(
            "TUL1014",
            "The store is not usable",
            "The control plane's store could not be opened or read.",
            "The message names the store's own code; tulle help explains it."),
    CONTROL_CANNOT_START(
            "TUL1015",
            "The control plane cannot start",
            "A port is taken or a file cannot be written.",
            "Stop the other one, or choose other ports with --api and --listen, or another --mesh."),
    NO_ADDRESS("TUL1016", "No address", "An option takes ADDRESS:PORT.", "For example 127.0.0.1:15080."),
    NAME_UNFIT(
            "TUL1017",
            "A name that cannot be",
            "Names of instances, services and namespaces are DNS labels.",
            "Use a-z, 0-9 and '-', at most 63 characters."),
    NO_SUCH_PROTOCOL(
            "TUL1018",
            "No such protocol",
            "A port's protocol is http, http2, grpc, nest-tcp or tcp.",
            "Leave it out to let the first bytes decide."),
    NO_SUCH_PORT("TUL1019", "No such port", "A port is a number from 1 to 65535.", "tulle run --help shows the forms."),
    NOT_AN_ALIAS(
            "TUL2253",
            "Not an alias",
            "An alias is a name that the application uses and the service of its namespace that it means by it.",
            "For example --alias mysql_db=mysql-db."),
    NO_ANSWER(
            "TUL1020",
            "No control plane answers",
            "Nothing answers at the mesh's Unix socket.",
            "Start one with tulle control or tulle up, or name the mesh with --mesh."),
    NO_DOCUMENT(
            "TUL1021",
            "An answer without a document",
            "Something else than a control plane listens at the socket.",
            "Look at its log."),
    REFUSED(
            "TUL1022",
            "The control plane refused",
            "The request was understood and refused; the message says why.",
            "Mend what the message names."),
    NO_COMPOSE_FILE(
            "TUL1023",
            "No Compose file",
            "tulle up found none in this folder.",
            "Name one with -f, or go to its folder."),
    NO_LAUNCHER(
            "TUL1024",
            "Started without the launcher",
            "tulle up starts further Tulles and must know how.",
            "Start Tulle as ./tulle or bin/tulle."),
    CONTROL_DID_NOT_START(
            "TUL1025",
            "The control plane did not start",
            "tulle up started one and it ended or hung.",
            "What it printed says why."),
    NO_SHOP(
            "TUL1026",
            "No shop",
            "demo runs the example shop and found none.",
            "Run it from a checkout, or name the folder with --shop."),
    NO_NPM(
            "TUL1027",
            "npm is missing",
            "The shop is installed and built with npm.",
            "Install Node 20 or newer with npm."),
    SHOP_UNPREPARED(
            "TUL1028",
            "The shop could not be prepared",
            "npm failed; its log says why.",
            "Run the command that the message names by hand."),
    NO_SUCH_LAB(
            "TUL1029",
            "No such lab",
            "--only names a lab that there is not, or --only or --json came without --check.",
            "tulle demo --check --only 05; docs/labs lists them."),
    NO_STAGE(
            "TUL1030",
            "The labs have no stage",
            "The shop did not start in the mesh that tulle demo --check makes for it.",
            "Read the last lines in the message and the logs that it names."),
    NOT_A_SHARE(
            "TUL1045",
            "Not a share",
            "--trace-ratio says which share of requests begins a trace.",
            "Give a number from 0 to 1."),
    NO_COLLECTOR(
            "TUL1046",
            "No address of a collector",
            "--otlp or OTEL_EXPORTER_OTLP_ENDPOINT names no http:// or https:// address.",
            "Name the collector that takes OTLP over HTTP, such as http://127.0.0.1:4318."),
    NAMESPACE_TWICE(
            "TUL1047",
            "-A beside one namespace",
            "-A means every namespace, and -n or a NAME means one.",
            "Leave one of the two out."),
    NO_SUCH_RUN(
            "TUL1048",
            "No such run on this host",
            "tulle stop ends runs of this host and this mesh, by the name of their instance.",
            "See tulle ps for the names, or name the mesh with --mesh."),
    NOTHING_PRINTED(
            "TUL2181",
            "Nothing is kept of a run",
            "A run keeps a copy of what it and its application print in ~/.tulle/MESH/logs/NAME.log, on the host where it runs, and"
                    + " there is no such file.",
            "Check the name with tulle ps, and name the mesh with --mesh."),
    NOT_A_RESTART_POLICY(
            "TUL2182",
            "Not a restart policy",
            "--restart says when an application that has ended by itself is started again, in Docker's words.",
            "--restart no, on-failure, on-failure:3 (at most three times), or always."),
    NOT_A_HEALTH_CHECK(
            "TUL2183",
            "Not a health check",
            "A run has one health check: a path that is asked, or a line for a shell.",
            "--health-path /health asks the lowest exposed port, --health-port another one; or --health-cmd 'node check.js'."),
    NOT_ENDED(
            "TUL1049",
            "A run has not ended in time",
            "It was told to end. It drains first, and its application has its grace.",
            "Wait longer with --timeout, or see what the application does with SIGTERM."),
    NOT_JOINED(
            "TUL2010",
            "An instance could not join",
            "The control plane is away or refused the join.",
            "Start tulle control for this mesh; the message says what else."),
    NO_CONFIGURATION(
            "TUL2013",
            "An instance got no configuration",
            "It joined, and the control plane sent nothing in time, or what it sent cannot be used by this sidecar.",
            "Is the machine overloaded, or the control plane of another version? Start the instance again."),
    NO_SUCH_PROGRAM(
            "TUL2014",
            "There is no such program",
            "The command after -- names a program that is neither in PATH nor at the path given.",
            "Check its spelling, or name it by its path."),
    HALF_OF_A_JOIN(
            "TUL1031",
            "Half of a join",
            "--join and --control belong together: what lets one in, and where.",
            "tulle run … --join TOKEN --control HOST:15012."),
    NO_JOIN_TOKEN(
            "TUL1032",
            "No join token",
            "What --join names is not the whole text of a token.",
            "Copy all that tulle token create printed; @FILE reads it from a file."),
    NO_IP_ADDRESS(
            "TUL1033",
            "No IP address",
            "--address is what peers on other hosts dial, an address and no name.",
            "For example 10.0.0.7."),
    TOKEN_OUT_OF_REACH(
            "TUL1034",
            "The control plane's token is out of reach",
            "kubectl needs the bearer token, which only the control plane's user can read.",
            "Run tulle kubeconfig as that user."),
    TOOL_MISSING(
            "TUL1035",
            "A tool is missing",
            "tulle run starts applications with bash, mkfifo, kill and setsid.",
            "Install bash, coreutils and util-linux."),
    TWO_VERSIONS(
            "TUL1036",
            "Two versions of Tulle",
            "The command line and the control plane are of different versions.",
            "Start the control plane again with this version, or use the other's."),
    OPEN_PAST_THE_MESH(
            "TUL1037",
            "A port open past the mesh",
            "An application that is caught by its environment listens on loopback, where no policy guards it.",
            "Use --capture netns or hook, or keep others off this host."),
    NO_LISTENER(
            "TUL1040",
            "No listener",
            "--listen takes where to listen and which destination is meant.",
            "--listen 8080=catalog:3000, or 0.0.0.0:8080=catalog:3000."),
    LISTENER_TO_NOWHERE(
            "TUL1041",
            "A listener that leads nowhere",
            "No resource of the files declares the destination's port.",
            "Declare it with a Service or a ServiceEntry."),
    PROXY_CANNOT_START(
            "TUL1043",
            "The proxy cannot start",
            "The mesh port or the admin port is taken.",
            "Choose others with --inbound and --admin."),
    IDENTITY_UNREADABLE(
            "TUL1044",
            "An identity that cannot be read",
            "cert-chain.pem (leaf first), key.pem and root-cert.pem must be there and fit together.",
            "Put them into the folder that --identity names."),
    OTHER_ROOT_NAMESPACE(
            "TUL1349",
            "Another root namespace is in force",
            "--root-namespace was given for a control plane that runs already with another one.",
            "End the control plane, and start it with tulle control --root-namespace NAME."),
    ROOT_NAMESPACE_UNREADABLE(
            "TUL1359",
            "The root namespace cannot be read",
            "The mesh keeps the name of its root namespace in a file, and the file is damaged.",
            "Write the name of a namespace into the file that the message names, or delete it."),
    PUBLISHED_NOT_EXPOSED(
            "TUL2049",
            "A published port that is not exposed",
            "--publish opens a port of the service on this host, and the service has no such port.",
            "Name the port with --expose as well, with its protocol."),
    FAULT(
            "TUL1099",
            "A fault in Tulle",
            "Something happened that Tulle's authors did not foresee.",
            "Run again with TULLE_DEBUG=1 and report what it prints.");

    private final Explanation explanation;

    CliCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
