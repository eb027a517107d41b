# Debian packages of any architecture, unpacked into a folder. No script of a package runs, and nothing on the machine
# changes: apt has lists, a cache and a status file of its own. For scripts that set $work.

# The suite whose packages the mirrors have for all architectures.
suite=sid

# Prints the mirror of the packages that this machine uses, or Debian's own.
mirror() {
    local uri
    uri=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 2>/dev/null \
        | sed -n 's/^Debian main //p' | grep -v security | sort -u | head -n 1)
    echo "${uri:-http://deb.debian.org/debian/}"
}

# Runs an apt command for an architecture of Debian's: apt_for ARCH COMMAND ARGUMENT...
apt_for() {
    local arch=$1 command=$2 state=$work/apt/$1
    shift 2
    mkdir -p "$state/sources" "$state/lists/partial" "$state/cache/archives/partial"
    : >"$state/status"
    printf '%s\n' 'Types: deb' "URIs: $(mirror)" "Suites: $suite" 'Components: main' \
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$state/sources/debian.sources"
    # A clock that is ahead of the mirror would refuse its lists as expired. Without this check an old list may be taken
    # for the newest one. The signatures are still verified.
    "apt-$command" -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$state/sources" \
        -o Dir::State::Lists="$state/lists" -o Dir::Cache="$state/cache" -o Dir::State::status="$state/status" \
        -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Default-Release="$suite" \
        -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o Debug::NoLocking=1 \
        -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# Unpacks packages and what they depend on: unpack ARCH FOLDER PACKAGE...
unpack() {
    local arch=$1 folder=$2 cache=$work/apt/$1/cache/archives package link
    shift 2
    rm -f "$cache"/*.deb
    apt_for "$arch" get --yes --download-only install "$@" >"$work/apt/$arch.log" 2>&1 \
        || { cat "$work/apt/$arch.log" >&2; return 1; }
    for link in bin lib lib64 sbin; do
        mkdir -p "$folder/usr/$link"
        [ -e "$folder/$link" ] || ln -s "usr/$link" "$folder/$link"
    done
    for package in "$cache"/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -C "$folder" -x --keep-directory-symlink --no-same-owner || return 1
    done
    rm -f "$cache"/*.deb
}
