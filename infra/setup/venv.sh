#!/bin/sh
# venv.sh DIR LOCK [--editable]: make DIR a virtual environment that holds exactly what LOCK pins
# (and, with --editable, this project). Run from the project's folder.
#
# Two stamps in DIR, written last, remember what was installed; when they still hold, nothing runs.
# Without a stamp (never made, interrupted, moved, its Python gone) DIR is made anew.
set -eu

dir=$1 lock=$2 editable=${3:-}
oldest="3.11"

# The machine's own settings for other purposes must not leak in; its index and cache may.
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_CONSTRAINT PIP_REQUIREMENT
export PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$@" >&2; }
recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' </dev/null >/dev/null 2>&1; }
complete() { "$1" -c 'import venv, ensurepip' </dev/null >/dev/null 2>&1; }

# Print a Python that will do, or say in one sentence what is missing.
find_python() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else
        set -- python3 python3.13 python3.12 python3.11 python3.14 python
    fi
    bare=''
    for candidate in "$@"; do
        recent "$candidate" || continue
        if complete "$candidate"; then printf '%s\n' "$candidate"; return; fi
        bare=${bare:-$candidate}
    done
    if [ -n "$bare" ]; then
        version=$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$bare 缺少 venv 模块：请先安装（Debian/Ubuntu：sudo apt install python$version-venv），再运行一次。" \
            "$bare lacks its venv module: install it (Debian/Ubuntu: sudo apt install python$version-venv) and run this again."
    else
        found=$("$1" --version 2>&1 </dev/null | tail -n 1) || found='—'
        say "需要 Python $oldest 或更新版本（$1：$found）：请安装，或用 make PYTHON=/路径/python3 指定。" \
            "Python $oldest or newer is needed ($1: $found): install it, or name one with make PYTHON=/path/to/python3."
    fi
    return 1
}

# Run pip, its full output in DIR/pip.log; on a terminal, one line that moves; on failure, the end of the log.
pip() {
    { "$dir/bin/python" -m pip install --progress-bar off "$@" 2>&1 </dev/null || echo "pip failed: $?"; } |
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$dir/pip.log"
        case $line in
            'pip failed: '*) exit 1 ;;
            Collecting\ *) count=$((${count:-0} + 1)); doing="$count/$pinned ${line#Collecting }" ;;
            Installing\ *) doing="$pinned/$pinned 写入 · writing files" ;;
            *) continue ;;
        esac
        if [ -t 2 ]; then printf '\r\033[K  %.70s' "${doing%% (from*}" >&2; fi
    done && { if [ -t 2 ]; then printf '\r\033[K' >&2; fi; return; }
    say "安装失败；日志的最后几行如下（全文见 $dir/pip.log）。请检查网络后再运行一次。" \
        "The installation failed; its last lines follow (all of it is in $dir/pip.log). Check the network and run this again."
    tail -n 15 "$dir/pip.log" >&2
    return 1
}

# What a stamp must say: where the environment stands (its scripts carry the path) and what went in.
place=$(pwd -P)/$dir
wanted() { printf '%s\n' "$place"; cat "$1"; }
holds() { [ -f "$1" ] && wanted "$2" | cmp -s - "$1"; }
alive() { [ "$(head -n 1 "$dir/.locked" 2>/dev/null)" = "$place" ] && recent "$dir/bin/python"; }

began=$(date +%s)
pinned=$(grep -c '^[A-Za-z0-9].*==' "$lock")

if ! alive; then
    python=$(find_python)
    say "▸ $dir：新建环境 · making it anew ($("$python" --version 2>&1))"
    rm -rf "$dir"
    "$python" -m venv "$dir"
fi

if ! holds "$dir/.locked" "$lock"; then
    say "▸ $dir：安装 $pinned 个锁定的包 · installing $pinned pinned packages ($lock)"
    # No stamp while packages change: an interrupted change is not taken for a whole one. pip downloads
    # everything before it changes anything, so after a failure what was there still stands.
    mv "$dir/.locked" "$dir/.locked.before" 2>/dev/null || true
    if ! pip --no-deps --require-hashes -r "$lock"; then
        mv "$dir/.locked.before" "$dir/.locked" 2>/dev/null || true
        exit 1
    fi
    "$dir/bin/python" -m pip check >>"$dir/pip.log" 2>&1 || { tail -n 5 "$dir/pip.log" >&2; exit 1; }
    wanted "$lock" >"$dir/.locked"
    say "✓ $dir：$(($(date +%s) - began)) s"
fi

if [ "$editable" = --editable ] && ! holds "$dir/.project" pyproject.toml; then
    pip --no-deps --no-build-isolation --no-index --editable .
    wanted pyproject.toml >"$dir/.project"
fi
