# Sourced by ./run and ./test, in the clone: makes .venv and installs the files named in $requirements
# into it when one of them is not what was installed last.

die() { printf '%s\n' "$*" >&2; exit 1; }

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    die "Python 3.11 or later is needed (on Debian: apt-get install python3 python3-venv)."
}

make_venv() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        die "Python cannot make environments here: apt-get install python3-venv"
    "$python" -m venv --clear .venv
}

is_installed() {
    for file in $requirements; do
        cmp -s "$file" ".venv/installed-$file" || return 1
    done
}

if ! is_installed; then
    .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
    echo "Installing $requirements into .venv ..."
    for file in $requirements; do
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$file" ||
            die "Installing $file failed; the lines above say why."
        cp "$file" ".venv/installed-$file"
    done
fi
