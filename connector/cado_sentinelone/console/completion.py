"""`completion SHELL`: the script that asks us what may follow (see complete.py)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

# bash cuts words at = and :, so the line is cut here at blanks only, and what stands before the
# last = is taken off the answers again.
_BASH = """\
_cado_sentinelone() {
    local line="${COMP_LINE:0:COMP_POINT}" current found cut
    local -a words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    current="${words[${#words[@]} - 1]}"
    cut=""
    [[ $COMP_WORDBREAKS == *=* && $current == *=* ]] && cut="${current%=*}="
    COMPREPLY=()
    while IFS=$'\\t' read -r found _; do
        COMPREPLY+=("${found#"$cut"}")
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return 0
}
complete -o default -F _cado_sentinelone cado-sentinelone
"""
_ZSH = """\
#compdef cado-sentinelone
_cado_sentinelone() {
    local -a found open shown open_shown
    local word meaning
    while IFS=$'\\t' read -r word meaning; do
        if [[ $word == *= ]]; then
            open+=("$word"); open_shown+=("$word  $meaning")
        else
            found+=("$word"); shown+=("$word  $meaning")
        fi
    done < <("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
    (( $#found || $#open )) || { _files; return }
    (( $#found )) && compadd -l -d shown -a found
    (( $#open )) && compadd -l -S '' -d open_shown -a open
}
if [[ $funcstack[1] == _cado_sentinelone ]]; then
    _cado_sentinelone "$@"
else
    compdef _cado_sentinelone cado-sentinelone
fi
"""
_FISH = """\
function __cado_sentinelone_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c cado-sentinelone -a '(__cado_sentinelone_complete)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def command(parsed: argparse.Namespace) -> int:
    print(SCRIPTS[parsed.shell], end="")
    return 0
