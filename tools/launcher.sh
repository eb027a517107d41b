# Sourced by ./demo and ./bench. Builds the library and one program when their jars are missing or older than the sources.
#
# The sourcing script sets `root`, the directory of the repository, and calls
#     build_if_stale COMMAND MODULE
# where COMMAND is the name for messages (./demo) and MODULE the directory of the program. Afterwards `home` is the home of
# a JDK, `library` and `program` are two jars, and the other jars, selectors4j-nio.jar among them, are in
# $root/MODULE/target/lib.
# shellcheck shell=bash

build_if_stale() {
    command=$1 module=$2
    home=$("$root/tools/find-jdk")
    library=$root/selectors4j/target/selectors4j.jar
    program=$root/$module/target/selectors4j-$module.jar
    stamp=$root/$module/target/launcher.stamp  # the start of the last successful build: Maven keeps a jar that would be the same
    marker=$root/$module/target/launcher.build # exists during a build, contains the process id of the script that builds
    local reason
    wait_for_other_build
    reason=$(stale)
    if [ -n "$reason" ]; then
        build "$reason"
    fi
}

# Succeeds if $1 is newer than all sources of the jars. The time of a directory tells of removed files.
newer_than_sources() {
    [ -e "$1" ] && [ -z "$(find "$root"/pom.xml \
        "$root"/{selectors4j,selectors4j-nio,"$module"}/{pom.xml,src/main} -newer "$1" 2>/dev/null | head -n 1)" ]
}

# Prints why a build is necessary; prints nothing if the jars are up to date.
stale() {
    if [ -e "$marker" ]; then
        echo "the last build was interrupted"
    elif ! [ -e "$library" ] || ! [ -e "$program" ] || ! [ -d "$root/$module/target/lib" ]; then
        echo "first run"
    elif ! newer_than_sources "$stamp" && ! { newer_than_sources "$library" && newer_than_sources "$program"; }; then
        echo "the sources are newer than the jars"
    fi
}

# A second ./demo in another terminal waits for the first one's build.
wait_for_other_build() {
    local other said=
    while other=$(cat "$marker" 2>/dev/null) && [ -n "$other" ] && kill -0 "$other" 2>/dev/null; do
        if [ -z "$said" ]; then
            echo "$command: waiting for the build of another process ($other)" >&2
            said=1
        fi
        sleep 1
    done
}

build() {
    command -v mvn >/dev/null || { echo "Maven (mvn) was not found: install Maven 3.8.7 or newer." >&2; exit 1; }
    if [ -e "$marker" ]; then
        # Files of an interrupted build can be truncated, and Maven compares only their times.
        rm -rf "$library" "$program" "$root"/selectors4j-nio/target/selectors4j-nio.jar \
            "$root"/{selectors4j,selectors4j-nio,"$module"}/target/{classes,maven-status}
    fi
    mkdir -p "$root/$module/target"
    echo $$ >"$marker"
    echo "$command: building ($1), this can take a few minutes" >&2

    local temporary code=0
    temporary=$(mktemp -d)
    mkfifo "$temporary/output"
    # A process group of its own: Ctrl-C reaches this script only, which then ends all processes of the build.
    set -m
    (cd "$root" && JAVA_HOME=$home exec mvn -B -Dmaven.test.skip=true -DskipJavadoc=true \
        -pl "selectors4j,$module" -am package) >"$temporary/output" 2>&1 </dev/null &
    local maven=$!
    set +m
    trap 'interrupt INT 130 '"$maven $temporary" INT
    trap 'interrupt TERM 143 '"$maven $temporary" TERM
    trap 'interrupt HUP 129 '"$maven $temporary" HUP
    show_progress "$temporary/log" <"$temporary/output"
    wait "$maven" || code=$?
    trap - INT TERM HUP
    if [ "$code" != 0 ]; then
        grep -vE '^(\[INFO\]|Download|Progress)' "$temporary/log" >&2 || true
        echo "$command: the build failed; its messages are above" >&2
        rm -rf "$temporary" "$marker"
        exit 1
    fi
    rm -rf "$temporary"
    mv -f "$marker" "$stamp" # keeps its time: a file that was edited during the build is newer
}

# Ends the build, and this script without a message. The marker stays, so the next run does not use what is there.
interrupt() {
    trap '' INT TERM HUP
    kill -TERM -- "-$3" 2>/dev/null || true
    wait "$3" 2>/dev/null || true
    rm -rf "$4"
    if [ -t 2 ]; then echo >&2; fi
    exit "$2"
}

# Copies Maven's output from standard input to the file $1, and shows on standard error which step of which module runs: on
# one line that is rewritten on a terminal, otherwise a line for each module.
show_progress() {
    local line name='' number='' text='' terminal=
    if [ -t 2 ]; then terminal=1; fi
    while IFS= read -r line; do
        printf '%s\n' "$line" >&3
        if [[ $line =~ ^\[INFO\]\ Building\ (.+)\ [^\ ]+\ +\[([0-9]+/[0-9]+)\]$ ]]; then
            name=${BASH_REMATCH[1]} number=${BASH_REMATCH[2]}
            text="[$number] $name"
            [ -n "$terminal" ] || echo "$command: building $text" >&2
        elif [[ $line =~ ^\[INFO\]\ ---\ [^:]+:[^:]+:([^\ ]+)\ \(([^\)]+)\) ]]; then
            text="[$number] $name: ${BASH_REMATCH[2]}"
        elif [[ $line =~ ^Downloading\ .*/([^/]+)$ ]]; then
            text="[$number] $name: downloading ${BASH_REMATCH[1]}"
        else
            continue
        fi
        if [ -n "$terminal" ]; then
            printf '\r\033[K%.*s' "$((${COLUMNS:-80} - 1))" "$command: building $text" >&2
        fi
    done 3>"$1"
    if [ -n "$terminal" ]; then printf '\r\033[K' >&2; fi
}
